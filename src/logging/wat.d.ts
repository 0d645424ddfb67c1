/** A WebAssembly module, as bytes: the build makes them of its text (scripts/wat.mjs). */
declare module "*.wat" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
