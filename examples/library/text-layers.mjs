// The text layers alone: Caddyfiles, Go templates, Go durations.
import { format, parse, tokenize } from "caddy-supervisor/caddyfile";
import { formatDuration, parseDuration } from "caddy-supervisor/duration";
import { execute } from "caddy-supervisor/template";

console.log(tokenize('respond "hi there"', "Caddyfile").map(({ text }) => text));
console.log(parse(":80 {\n\trespond hi\n}\n"));
console.log(format(":80 {\nrespond   hi\n}"));
console.log(execute("--port {{add 8000 .Replica}} {{.Name | upper | quote}}", { Replica: 2, Name: "web" }));
console.log(parseDuration("1m30s"), formatDuration(5_400_000_000_000n));
