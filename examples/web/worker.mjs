// A queue worker: takes a job a second, and ends with 0 after some of them. Its supervisor starts it again. Asked to stop
// (SIGINT, where the Caddyfile names no other signal), it finishes the job in hand.
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { jobs: { type: "string", default: "3" } } });
let left = Number(values.jobs);
const timer = setInterval(() => {
  left -= 1;
  console.log(`worker ${process.pid}: job done, ${left} to go`);
  if (left === 0) clearInterval(timer);
}, 1000);
process.once("SIGINT", () => {
  left = 1;
});
