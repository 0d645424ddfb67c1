// The programs of the system that the tests run.
import { aptInstall, canInstall, onPath } from "./setup.mjs";

/** With the Debian packages that hold them. */
const needed = [
  { program: "caddy", package: "caddy", service: "caddy" },
  { program: "php-fpm8.2", package: "php8.2-fpm", service: "php8.2-fpm" },
  { program: "setpriv", package: "util-linux" },
  { program: "prlimit", package: "util-linux" },
  { program: "mount", package: "mount" },
  { program: "openssl", package: "openssl" },
  { program: "script", package: "bsdutils" },
  { program: "zsh", package: "zsh" },
  { program: "fish", package: "fish" },
  { program: "python3", package: "python3" },
  { program: "faketime", package: "faketime" },
  { program: "systemd-notify", package: "systemd" },
  { program: "systemd-analyze", package: "systemd" },
];

/** Installs what is missing, where that can be done; else ends this script with the names. */
export function installNeededPrograms() {
  const missing = needed.filter(({ program }) => onPath(program) === undefined);
  if (missing.length > 0 && canInstall()) {
    aptInstall(
      missing.map((need) => need.package),
      missing.flatMap(({ service }) => service ?? []),
    );
  }
  const absent = needed.filter(({ program }) => onPath(program) === undefined);
  if (absent.length === 0) return;
  const packages = absent.map((need) => need.package).join(" ");
  console.error(
    `The tests need ${absent.map(({ program }) => program).join(", ")}. As root: apt-get install ${packages}`,
  );
  process.exit(1);
}
