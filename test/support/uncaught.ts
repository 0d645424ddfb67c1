import { once } from "node:events";

/** The message of the error that nobody catches, of what `begin` has begun. */
export async function uncaught(begin: () => unknown): Promise<string> {
  const theirs = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  const thrown = once(process, "uncaughtException");
  try {
    begin();
    const [error] = await thrown;
    return (error as Error).message;
  } finally {
    for (const each of theirs) process.on("uncaughtException", each);
  }
}
