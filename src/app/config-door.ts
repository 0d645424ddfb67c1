/** What the endpoint needs of the daemon to serve the configuration. */
export interface ConfigDoor {
  /** The committed document (whole: Caddy's half and apps.supervisor), null for none. */
  document(): unknown;
  /** Loads a whole new document: checks both halves, plans, applies; resolves when committed. `force`: also when unchanged (Cache-Control: must-revalidate). Throws SupervisorError/Error with Caddy's text, nothing changed then. */
  load(document: unknown, options: { force: boolean }): Promise<void>;
  /** A Caddyfile (or another adapter's text) to a whole document, with warnings; for /load and /adapt. */
  adapt(
    text: string,
    adapter: string,
  ): Promise<{
    document: unknown;
    warnings: readonly { file: string; line: number; directive?: string; message: string }[];
  }>;
}
