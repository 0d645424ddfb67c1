/** The page with the diagram of the table as it is now. */
export function drawn(text: string): Promise<string>;
