import { expect, it } from "vitest";
import { caddyFolders } from "../../../src/caddy/folders.ts";

// The answers of `caddy environ` (2.6.2), and of its storage.go for the other systems.
it.each([
  [{ HOME: "/h" }, "linux", "/h/.local/share/caddy", "/h/.config/caddy"],
  [
    { HOME: "/h", XDG_CONFIG_HOME: "/config", XDG_DATA_HOME: "/data" },
    "linux",
    "/data/caddy",
    "/config/caddy",
  ],
  [{ XDG_CONFIG_HOME: "/config" }, "linux", "./caddy", "/config/caddy"],
  [{}, "linux", "./caddy", "./caddy"],
  [{ HOME: "/h" }, "darwin", "/h/Library/Application Support/Caddy", "/h/Library/Application Support/Caddy"],
] as const)("finds Caddy's folders with %j on %s", (env, platform, data, config) => {
  expect(caddyFolders(env, platform)).toMatchObject({ data, config });
});
