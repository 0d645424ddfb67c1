// What the program's own objects take, by a heap snapshot: without V8's compiled code, which comes and goes on its own account.
import { readFileSync, rmSync } from "node:fs";

/** Kinds of nodes that no statement of the program has made; `native` is measured beside it, as external memory. */
const notOurs = ["code", "hidden", "synthetic", "native", "object shape"];

/** Bytes. The file is removed. */
export function objectsIn(path) {
  const { snapshot, nodes } = JSON.parse(readFileSync(path, "utf8"));
  rmSync(path);
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = ["type", "self_size"].map((name) => fields.indexOf(name));
  const ours = types[type].map((name) => !notOurs.includes(name));
  let sum = 0;
  for (let at = 0; at < nodes.length; at += fields.length)
    if (ours[nodes[at + type]]) sum += nodes[at + size];
  return sum;
}
