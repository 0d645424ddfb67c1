/** What runs, in a sentence for people: `2 of 3 replicas running, Caddy serving`. */
export function statusText(replicas: number, running: number, caddyServes: boolean): string {
  const count = replicas === running ? String(replicas) : `${running} of ${replicas}`;
  const noun = replicas === 1 ? "replica" : "replicas";
  return `${count} ${noun} running${caddyServes ? ", Caddy serving" : ""}`;
}
