/** What the endpoint needs of the daemon to serve the configuration. */
export interface ConfigDoor {
  /** The committed document (whole: Caddy's half and apps.supervisor), null for none. */
  document(): unknown;
  /**
   * Makes another document of the committed one and loads it: checks both halves, plans, applies; resolves when committed.
   * Nobody else changes the document in between. `force`: also when unchanged (Cache-Control: must-revalidate).
   *
   * @throws what `edit` throws, and SupervisorError or Error with Caddy's text; then nothing has changed
   */
  change(edit: (document: unknown) => unknown, options: { force: boolean }): Promise<unknown>;
  /** A Caddyfile (or another adapter's text) to a whole document, with warnings; for /load and /adapt. */
  adapt(
    text: string,
    adapter: string,
  ): Promise<{
    document: unknown;
    warnings: readonly { file: string; line: number; directive?: string; message: string }[];
  }>;
}
