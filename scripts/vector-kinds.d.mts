import type { TemplateData } from "../src/go/template/index.ts";

/** Where we and the real programs differ. */
export interface Fault {
  readonly what: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** The functions that the vectors are about, by their names in the package: from the sources or from dist/. */
export type VectorApi = Readonly<
  Record<
    | "adapt"
    | "executeOptions"
    | "format"
    | "formatDuration"
    | "parse"
    | "parseDuration"
    | "parseInteger"
    | "tokenize"
    | "toSupervisors",
    // biome-ignore lint/suspicious/noExplicitAny: each kind of vector calls its own.
    (...args: any[]) => unknown
  >
>;

export function checkVector(vector: object, api: VectorApi): Fault[];

/** The Options that the vectors' templates see. */
export function sampleOptions(replica: number): TemplateData;
