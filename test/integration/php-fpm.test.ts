import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { expect, it } from "vitest";
import { until } from "../support/gates.ts";
import { descendants, freePort, Sandbox } from "../support/program.ts";

it("serves PHP through Caddy's php_fastcgi, as www-data, and ends gracefully on SIGQUIT", async () => {
  const sandbox = new Sandbox();
  try {
    const [site, admin, fastcgi] = [await freePort(), await freePort(), await freePort()];
    chmodSync(sandbox.folder, 0o755);
    mkdirSync(sandbox.path("public"));
    // php-fpm, as www-data, may open a log of its own only where that user may write.
    mkdirSync(sandbox.path("own"));
    chownSync(sandbox.path("own"), 33, 33);
    sandbox.write(
      "public/index.php",
      '<?php echo "php as ", posix_getpwuid(posix_geteuid())["name"] ?? get_current_user();\n',
    );
    sandbox.write(
      "fpm.conf",
      `[global]
error_log = ${sandbox.folder}/own/error.log
daemonize = no
[www]
listen = 127.0.0.1:${fastcgi}
pm = static
pm.max_children = 2
`,
    );
    sandbox.write(
      "Caddyfile",
      `{
	admin localhost:${admin}
	auto_https off
	supervisor {
		/usr/sbin/php-fpm8.2 --nodaemonize --fpm-config ${sandbox.folder}/fpm.conf {
			user www-data
			stop_signal SIGQUIT
			restart_policy always
			redirect_stdout file ${sandbox.folder}/fpm.log
			redirect_stderr file ${sandbox.folder}/fpm-error.log
		}
	}
}

http://127.0.0.1:${site} {
	root * ${sandbox.folder}/public
	php_fastcgi 127.0.0.1:${fastcgi}
}
`,
    );
    const run = await sandbox.start(["run"]).ready();
    const page = await until("the page", async () => {
      const response = await fetch(`http://127.0.0.1:${site}/`).catch(() => undefined);
      return response?.status === 200 ? response.text() : undefined;
    });
    expect(page).toBe("php as www-data");
    expect(await run.stop()).toBe(0);
    expect(run.logged("process exited")).toHaveLength(1);
    expect(run.logged("termination grace period exceeded, killing")).toEqual([]);
    expect(descendants(sandbox)).toEqual([]);
  } finally {
    await sandbox.remove();
  }
});
