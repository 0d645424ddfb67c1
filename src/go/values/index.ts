/** The value model of the Go layer: what fmt, text/template, sprig and time share. */
export * from "./bounds.ts";
export * from "./budget.ts";
export * from "./bytes.ts";
export * from "./construct.ts";
export * from "./equality.ts";
export * from "./from-plain.ts";
export * from "./methods.ts";
export * from "./model.ts";
export * from "./sorted-keys.ts";
export * from "./to-plain.ts";
export * from "./truth.ts";
export * from "./types.ts";
