// Each of these costs Node between a third of a millisecond and two, and memory. Most commands use none, and most runs few: nobody calls,
// nothing is hashed, no shell is asked. So what asks for one gets something that loads it when it is used.
const costly = new Set(
  ["child_process", "crypto", "dns", "fs/promises", "http", "net", "stream/promises", "tty", "zlib"].map(
    (name) => `node:${name}`,
  ),
);

/** A `require` that puts off what is costly. Of such a module only what is a property may be used, and nothing kept before its use. */
exports.lazily = (require) => (name) => {
  if (!costly.has(name)) return require(name);
  return new Proxy({}, { get: (_, key) => require(name)[key] });
};
