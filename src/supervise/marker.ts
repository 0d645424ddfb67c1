/** The one variable of ours that reaches the processes, `<instance>:<replica>:<life>`: by it we find what is ours. */
export const markerVariable = "CADDY_SUPERVISOR_ID";

/** What a guard bears: no instance has such a name, so that no sweep takes a guard for its own. */
export const guardMarker = "guard";

/** What the markers of all processes of a run begin with. */
export function runMarker(instance: string): string {
  return `${instance}:`;
}

/**
 * The name of one run of an instance, `<hash>-<run>`: the guard of a run that has died must never touch the processes of
 * the run that follows it.
 */
export function runName(hash: string, run: string): string {
  return `${hash}-${run}`;
}

/** What the markers of all runs of an instance begin with. */
export function instanceMarker(hash: string): string {
  return `${hash}-`;
}

/** What the markers of all lives of a replica begin with. */
export function replicaMarker(instance: string, replica: string): string {
  return `${instance}:${replica}:`;
}

/** The marker of one life. */
export function lifeMarker(instance: string, replica: string, life: number): string {
  return `${instance}:${replica}:${life}`;
}
