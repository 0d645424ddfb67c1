import { existsSync, readFileSync, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** An upper bound for anything that a test waits for (ms); nothing is ever expected to take this long. */
const patience = 20_000;

/** Resolves with the content of a file once it exists and is not empty. */
export function fileWritten(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const text = existsSync(path) ? readFileSync(path, "utf8") : "";
      if (text === "") return false;
      watcher.close();
      clearTimeout(timer);
      resolve(text);
      return true;
    };
    const watcher = watch(dirname(path), (_event, name) => {
      if (name === basename(path)) look();
    });
    const timer = setTimeout(() => {
      watcher.close();
      reject(new Error(`nobody wrote ${path}`));
    }, patience);
    look();
  });
}

/** Resolves when a process is gone, or is a zombie that only its parent can bury. */
export async function processGone(pid: number): Promise<void> {
  await until(`process ${pid} to be gone`, () => !isAlive(pid));
}

export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return !["Z", "X"].includes(stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3));
  } catch {
    return false;
  }
}

/** For what no event tells: asks again and again, `every` ms, with an upper bound. */
export function until<T>(what: string, ask: () => T | Promise<T>, every = 10): Promise<NonNullable<T>> {
  const end = Date.now() + patience;
  return new Promise((resolve, reject) => {
    const again = async () => {
      try {
        const answer = await ask();
        if (answer) {
          resolve(answer as NonNullable<T>);
          return;
        }
      } catch (error) {
        reject(error);
        return;
      }
      if (Date.now() > end) reject(new Error(`waited in vain for ${what}`));
      else setTimeout(() => void again(), every);
    };
    void again();
  });
}
