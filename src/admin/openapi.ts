import { type ControlRoute, controlRoutes, methodOf } from "./control-routes.ts";
import * as schemas from "./control-schemas.ts";

/** The control routes as an OpenAPI 3.1 document: what docs/reference/openapi.json holds, and `/supervisor/openapi.json` answers. */
export function openApi(): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "caddy-supervisor",
      version: "1",
      description:
        "What may be asked of a running instance, at its admin endpoint and its control socket, beside Caddy's own config API.",
    },
    servers: [{ url: "http://localhost:2019" }],
    paths: Object.fromEntries(controlRoutes.map((route) => [route.path, pathItem(route)])),
    components: { schemas: { Fault: schemas.fault } },
  };
}

function pathItem(route: ControlRoute): object {
  const { path, summary, parameters = [], body, answer, kind } = route;
  const isLoad = body === schemas.document;
  const operation = {
    operationId: path.replace("/supervisor/", ""),
    summary,
    ...(parameters.length === 0
      ? {}
      : { parameters: parameters.map((parameter) => ({ in: "query", ...parameter })) }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: !isLoad, content: { "application/json": { schema: body } } } }),
    responses: {
      200: {
        description: kind === "stream" ? "One item a line" : "Done",
        content: { [kind === "stream" ? "application/x-ndjson" : "application/json"]: { schema: answer } },
      },
      default: {
        description: "Refused; nothing has changed",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Fault" } } },
      },
    },
  };
  return { [methodOf(route).toLowerCase()]: operation };
}
