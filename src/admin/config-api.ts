import type { ConfigDoor } from "../app/config-door.ts";
import { ApiError } from "./api-error.ts";
import { adapterOf } from "./content-type.ts";
import { checkIfMatch, makeEtag } from "./etag.ts";
import { decodeGoJson, encodeGoJson } from "./go-json.ts";
import { checkIds, idPath } from "./ids.ts";
import { type TraverseMethod, traverse } from "./traverse.ts";
import { Turnstile } from "./turnstile.ts";

export interface ConfigChange {
  readonly method: Exclude<TraverseMethod, "GET">;
  readonly path: string;
  /** Empty: no value, which is null. */
  readonly body: Buffer;
  readonly ifMatch: string | undefined;
  /** Load it even when nothing changed. */
  readonly force: boolean;
}

export interface ConfigText {
  readonly body: Buffer;
  readonly contentType: string;
}

type Warnings = Awaited<ReturnType<ConfigDoor["adapt"]>>["warnings"];

/**
 * Caddy's config API over the whole document. Changes take their turns, and a reader waits for the change under way, as
 * with Caddy's lock: nobody sees a document that is not loaded in the end.
 */
export class ConfigApi {
  readonly #door: ConfigDoor;
  readonly #turnstile = new Turnstile();

  constructor(door: ConfigDoor) {
    this.#door = door;
  }

  /** The path below `/config/` for one below `/id/`. */
  resolveId(path: string): Promise<string> {
    return this.#turnstile.pass(() => idPath(this.#door.document(), path));
  }

  /**
   * @throws ApiError 400
   */
  read(path: string): Promise<{ body: string; etag: string | undefined }> {
    return this.#turnstile.pass(() => {
      try {
        const body = this.#answer(path);
        return { body, etag: makeEtag(path, body) };
      } catch (error) {
        throw new ApiError(400, (error as Error).message);
      }
    });
  }

  /**
   * @throws ApiError with Caddy's statuses; nothing has changed then
   */
  change(change: ConfigChange): Promise<void> {
    return this.#turnstile.pass(() => this.#change(change));
  }

  /**
   * `POST /load`: resolves with the adapter's warnings once the new document is committed.
   *
   * @throws ApiError 400
   */
  async load({ body, contentType }: ConfigText, force: boolean): Promise<string> {
    const adapter = adapterOf(contentType);
    const adapted = adapter === undefined ? undefined : await this.#adapt(body, adapter);
    await this.#turnstile.pass(async () => {
      try {
        const document = adapted === undefined ? decodeBody(body) : adapted.document;
        await this.#commit(() => document, force);
      } catch (error) {
        throw new ApiError(400, `loading config: ${(error as Error).message}`);
      }
    });
    return adapted === undefined || adapted.warnings.length === 0 ? "" : encodeWarnings(adapted.warnings);
  }

  /**
   * `POST /adapt`: the answer's text.
   *
   * @throws ApiError
   */
  async adapt({ body, contentType }: ConfigText): Promise<string> {
    const adapter = adapterOf(contentType);
    if (adapter === undefined) return `{"result":${encodeInOrder(passedThrough(body))}}`;
    const { document, warnings } = await this.#adapt(body, adapter);
    const told = warnings.length === 0 ? "" : `"warnings":${encodeWarnings(warnings)},`;
    return `{${told}"result":${encodeInOrder(document)}}`;
  }

  async #change({ method, path, body, ifMatch, force }: ConfigChange): Promise<void> {
    await this.#commit((before) => {
      if (ifMatch !== undefined) checkIfMatch(ifMatch, (place) => this.#answer(place));
      return traverse(before, { method, path, value: decodeBody(body) }).document;
    }, force);
  }

  async #commit(edit: (document: unknown) => unknown, force: boolean): Promise<void> {
    let refusal: unknown;
    const checked = (before: unknown) => {
      try {
        const document = edit(before);
        checkIds(document);
        return document;
      } catch (error) {
        refusal = error;
        throw error;
      }
    };
    try {
      await this.#door.change(checked, { force });
    } catch (error) {
      if (refusal !== undefined) throw refusal;
      throw new ApiError(500, `loading new config: ${reasonOf(error)}`);
    }
  }

  async #adapt(body: Buffer, adapter: string): ReturnType<ConfigDoor["adapt"]> {
    try {
      return await this.#door.adapt(body.toString("utf8"), adapter);
    } catch (error) {
      const reason = (error as Error).message.replace(/^adapting config using \S+: /, "");
      if (reason.includes("unrecognized config adapter"))
        throw new ApiError(400, `unrecognized config adapter '${adapter}'`);
      throw new ApiError(400, `adapting config using ${adapter} adapter: ${reason}`);
    }
  }

  /** What a GET of this path answers. */
  #answer(path: string): string {
    return `${encodeGoJson(traverse(this.#door.document(), { method: "GET", path }).found)}\n`;
  }
}

function decodeBody(body: Buffer): unknown {
  if (body.length === 0) return null;
  try {
    return decodeGoJson(body);
  } catch (error) {
    throw new ApiError(500, `decoding request body: ${(error as Error).message}`);
  }
}

/** JSON needs no adapter; a text that is none is found out when Caddy writes its answer. */
function passedThrough(body: Buffer): unknown {
  try {
    return decodeGoJson(body);
  } catch (error) {
    const reason = (error as Error).message;
    throw new ApiError(500, `json: error calling MarshalJSON for type json.RawMessage: ${reason}`);
  }
}

/** Caddy's own message may come with the words that its API puts before one; they are ours to say. */
function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/^(loading config: )?(loading new config: )?/, "");
}

function encodeInOrder(value: unknown): string {
  return encodeGoJson(value, { sortKeys: false });
}

/** In the order of Go's struct. */
function encodeWarnings(warnings: Warnings): string {
  return encodeInOrder(
    warnings.map(({ file, line, directive, message }) => ({ file, line, directive, message })),
  );
}
