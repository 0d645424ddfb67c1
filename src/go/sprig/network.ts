import { decodeUtf8, encodeUtf8, GoError, type GoFunctionEntry } from "../values/index.ts";
import { entry } from "./entry.ts";
import { childProcess, nodeCrypto, nodeNet } from "./lazy.ts";

/** A name server that does not answer must not hold up a start for longer, in milliseconds. */
const lookupTimeout = 5_000;

const lookupProgram = `
require("node:dns").lookup(process.argv[1], { all: true }, (error, found) => {
  if (!error) process.stdout.write(found.map(({ address }) => address).join("\\n"));
});`;

/** Node looks names up only asynchronously and template functions cannot wait, so a short-lived Node does it. */
function lookUp(name: string): string[] {
  const { stdout } = childProcess().spawnSync(process.execPath, ["-e", lookupProgram, "--", name], {
    encoding: "utf8",
    timeout: lookupTimeout,
    stdio: ["ignore", "pipe", "ignore"],
    env: {},
  });
  return stdout ? stdout.split("\n") : [];
}

function getHostByName([name]: [string]): string {
  const text = decodeUtf8(name);
  const addresses = nodeNet().isIP(text) === 0 ? lookUp(text) : [text];
  // sprig picks one by chance, and Go's chance has no choice from nothing.
  if (addresses.length === 0) throw new GoError("invalid argument to Intn");
  return encodeUtf8(addresses[nodeCrypto().randomInt(addresses.length)] as string);
}

/** Names of hosts (sprig network.go). */
export const networkFunctions: readonly GoFunctionEntry[] = [
  entry("getHostByName", "func(string) string", getHostByName),
];
