// node --import: as if the optional package koffi were not installed.
import Module, { register } from "node:module";

const hook = `export async function resolve(specifier, context, next) {
  if (specifier === "koffi") throw new Error("hidden by a test");
  return next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

// The bundled program asks for it with require().
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = (request, ...context) => {
  if (request === "koffi") throw new Error("hidden by a test");
  return resolveFilename(request, ...context);
};
const { dlopen } = process;
process.dlopen = (module, path, ...flags) => {
  if (path.endsWith("koffi.node")) throw new Error("hidden by a test");
  dlopen.call(process, module, path, ...flags);
};
