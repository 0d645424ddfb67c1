/** The one variable of ours that reaches the processes, `<instance>:<replica>:<life>`: by it we find what is ours. */
export const markerVariable = "CADDY_SUPERVISOR_ID";

/** What the markers of all processes of an instance begin with. */
export function instanceMarker(instance: string): string {
  return `${instance}:`;
}

/** What the markers of all lives of a replica begin with. */
export function replicaMarker(instance: string, replica: string): string {
  return `${instance}:${replica}:`;
}

/** The marker of one life. */
export function lifeMarker(instance: string, replica: string, life: number): string {
  return `${instance}:${replica}:${life}`;
}
