/** A refusal of the API, with the status that Caddy gives for it (its APIError). */
export class ApiError extends Error {
  readonly status: number;
  /** What to do; Caddy's own have none. */
  readonly hint: string | undefined;

  constructor(status: number, message: string, hint?: string) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}
