/** A refusal of the API, with the status that Caddy gives for it (its APIError). */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
