import { constants } from "node:os";

/** An error as Node's own: with the name of the errno as `code`. */
export function systemError(errno: number, path?: string): NodeJS.ErrnoException {
  const [code = String(errno)] = Object.entries(constants.errno).find(([, number]) => number === errno) ?? [];
  return Object.assign(new Error(code), { code, errno, ...(path === undefined ? {} : { path }) });
}
