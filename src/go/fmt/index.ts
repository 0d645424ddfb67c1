/** Go's package fmt, on byte strings. */
export { printed, sprint, sprintln } from "./sprint.ts";
export { sprintf } from "./sprintf.ts";
