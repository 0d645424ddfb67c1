/** What is queued is copied into pages of this size (bytes). */
const pageSize = 64 * 1024;
/** Pages that nobody uses just now, for all queues: those of idle files hold none. */
const spare: Buffer[] = [];
const mostSpare = 16;

/**
 * Bytes on their way to a descriptor. They are copied in, so that readers may use their buffers again; a flood goes through
 * the same few pages, and leaves nothing to collect.
 */
export class ByteQueue {
  #pages: Buffer[] = [];
  /** Where the first page begins to count. */
  #start = 0;
  /** Where the last page is free. */
  #end = pageSize;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(bytes: Buffer, from = 0, to = bytes.length): void {
    this.#length += to - from;
    while (from < to) {
      const page = this.#lastPage();
      const count = Math.min(to - from, pageSize - this.#end);
      bytes.copy(page, this.#end, from, from + count);
      this.#end += count;
      from += count;
    }
  }

  /** As UTF-8. */
  pushText(text: string): void {
    const page = this.#lastPage();
    // Three bytes for a UTF-16 unit are the most.
    if (pageSize - this.#end < text.length * 3) {
      this.push(Buffer.from(text));
      return;
    }
    const written = page.write(text, this.#end, "utf8");
    this.#end += written;
    this.#length += written;
  }

  /** The first bytes, as they lie in the pages: they stay there until they are dropped. */
  front(count: number, skip = 0): Buffer[] {
    const parts: Buffer[] = [];
    let at = this.#start + skip;
    for (let left = Math.min(count, this.#length - skip); left > 0; ) {
      const page = this.#pages[Math.floor(at / pageSize)]!;
      const offset = at % pageSize;
      const part = page.subarray(offset, Math.min(offset + left, pageSize));
      parts.push(part);
      at += part.length;
      left -= part.length;
    }
    return parts;
  }

  /** Forgets the first bytes: they are written. */
  drop(count: number): void {
    this.#start += count;
    this.#length -= count;
    while (this.#start >= pageSize) {
      this.#giveBack(this.#pages.shift()!);
      this.#start -= pageSize;
    }
    if (this.#length > 0) return;
    const last = this.#pages.pop();
    if (last !== undefined) this.#giveBack(last);
    this.#start = 0;
    this.#end = pageSize;
  }

  at(position: number): number | undefined {
    const at = this.#start + position;
    return position < this.#length ? this.#pages[Math.floor(at / pageSize)]![at % pageSize] : undefined;
  }

  /** The first place of a byte, -1 when there is none. */
  indexOf(byte: number): number {
    let before = 0;
    for (const part of this.front(this.#length)) {
      const at = part.indexOf(byte);
      if (at >= 0) return before + at;
      before += part.length;
    }
    return -1;
  }

  /** The last place of a byte within the first `count` bytes, -1 when there is none. */
  lastIndexOf(byte: number, count: number): number {
    const parts = this.front(count);
    let before = parts.reduce((sum, part) => sum + part.length, 0);
    for (const part of parts.reverse()) {
      before -= part.length;
      const at = part.lastIndexOf(byte);
      if (at >= 0) return before + at;
    }
    return -1;
  }

  #lastPage(): Buffer {
    if (this.#end === pageSize) {
      this.#pages.push(spare.pop() ?? Buffer.allocUnsafeSlow(pageSize));
      this.#end = 0;
    }
    return this.#pages[this.#pages.length - 1]!;
  }

  #giveBack(page: Buffer): void {
    if (spare.length < mostSpare) spare.push(page);
  }
}
