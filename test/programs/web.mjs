// Answers each request on 127.0.0.1:$PORT with its own pid; ends at once on the stop signal, as Node does by itself.
import { createServer } from "node:http";

createServer((_request, response) => response.end(String(process.pid))).listen(
  Number(process.env.PORT),
  "127.0.0.1",
);
