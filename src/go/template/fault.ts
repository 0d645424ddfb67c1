import { GoError } from "../values/model.ts";

/** An error of a template, with its place; the message names only as much of it as Go's does. */
export class TemplateFault extends GoError {
  /** Byte offset in the template. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}
