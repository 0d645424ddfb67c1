// node benchmarks/caddyfile.mjs [MEGABYTES]: how fast a Caddyfile is lexed, parsed and formatted, and whether twice the
// text takes twice the time. Wants an idle machine; the best of five runs counts.
import { build } from "../scripts/setup.mjs";

await build();
const { format, lex, parseTokens, plainSource } = await import("../dist/caddyfile/index.js");

const megabytes = Number(process.argv[2] ?? 10);
const site = `# one of many
example.com, www.example.com {
	root * /srv/www/{$SITE:example}
	@static path *.css *.js *.png
	header @static Cache-Control "public, max-age=31536000"
	php_fastcgi unix//run/php/php-fpm.sock {
		env APP_ENV production
		try_files {path} {path}/index.php =404
	}
	respond /motd <<EOF
		Hello,
		  world
		EOF 200
}

`;

function textOf(size) {
  return site.repeat(Math.ceil(size / site.length)).slice(0, size - (size % site.length));
}

/** The best of five runs, in milliseconds. */
function best(work) {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run++) {
    const start = performance.now();
    work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const options = { env: { SITE: "a" } };
const jobs = {
  lex: (text) => lex(plainSource(text, "Caddyfile")),
  "lex + parse": (text) => parseTokens(text, options),
  format: (text) => format(text),
};
const text = textOf(megabytes * 1e6);
const half = textOf(megabytes * 5e5);
for (const [name, job] of Object.entries(jobs)) {
  const ms = best(() => job(text));
  const halfMs = best(() => job(half));
  const speed = (text.length / 1e3 / ms).toFixed(1);
  console.log(
    `${name}: ${speed} MB/s (${Math.round(ms)} ms; twice the text takes ${(ms / halfMs).toFixed(2)} times as long)`,
  );
}
