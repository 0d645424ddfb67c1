// A small web app: says which copy of it answered.
import { createServer } from "node:http";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { port: { type: "string", default: "8000" } } });
const server = createServer((_request, response) => {
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.end(`${process.env.GREETING ?? "Hello"} (pid ${process.pid}, port ${values.port})\n`);
});
server.listen(Number(values.port), "127.0.0.1");

// Requests under way are answered before the end.
process.on("SIGTERM", () => server.close());
