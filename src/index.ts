/**
 * The library's face. The text layers stand alone under `caddy-supervisor/caddyfile`, `caddy-supervisor/template` and
 * `caddy-supervisor/duration`.
 */

export { ControlClient, type InstanceAddress, type LogsRequest } from "./admin/client.ts";
export { App, type AppEvents, type AppSettings, type ReplicaRef } from "./app/app.ts";
export type { InstanceStatus } from "./app/control/control.ts";
export type { JournalEvent } from "./app/control/journal.ts";
export type { LogLine } from "./app/control/log-lines.ts";
export type { Outcome } from "./app/control/outcome.ts";
export type { LastExit, ReplicaStatus } from "./app/control/status.ts";
export type { Explanation } from "./app/control/why.ts";
export { type Config, type LoadOptions, loadConfig } from "./app/load-config.ts";
export type { AppConfig } from "./app/provision.ts";
export type { ReloadReport } from "./app/reloader.ts";
export type { PlannedChange, PreparedReload } from "./app/succession.ts";
export { toSupervisors } from "./app/to-supervisors.ts";
export { type Adapted, type AdaptOptions, adapt } from "./config/adapt.ts";
export type {
  Definition,
  DefinitionJson,
  OutputTarget,
  OutputTargetType,
  RestartPolicy,
} from "./config/definition.ts";
export type { Options } from "./config/options.ts";
export type { Problem } from "./config/problems.ts";
export { type ErrorCode, type Place, SupervisorError } from "./errors.ts";
export { Logger } from "./logging/logger.ts";
export { Supervisor } from "./supervise/supervisor.ts";
export type { StopReport, SupervisorEvents } from "./supervise/supervisor-parts.ts";
export type { State } from "./supervise/transitions.ts";
