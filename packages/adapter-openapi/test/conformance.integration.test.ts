import { testAdapterConformance } from "@codemode/core/testing";
import { afterAll } from "vitest";

import { createOpenapiAdapter } from "../src/index.ts";
import { specOf } from "./fixtures/call-tool.ts";
import { startService } from "./fixtures/http-service.ts";

const service = await startService(({ path }, response) => {
  if (path === "/slow") {
    const timer = setTimeout(() => response.end("{}"), 10_000);
    response.on("close", () => clearTimeout(timer));
    return undefined;
  }
  if (path === "/pets/1") return { json: { id: 1, name: "Rex" } };
  return { status: 404, json: { message: "There is no such pet" } };
});
afterAll(() => service[Symbol.asyncDispose]());

const id = { name: "id", in: "path", required: true, schema: { type: "integer" } };
const json = { description: "Done", content: { "application/json": { schema: {} } } };

testAdapterConformance({
  name: "openapi",
  createAdapter: (name) =>
    createOpenapiAdapter({
      name,
      baseUrl: service.url,
      spec: specOf({
        "/pets/{id}": {
          get: { operationId: "getPet", parameters: [id], responses: { 200: json } },
        },
        "/slow": { get: { operationId: "wait", responses: { 200: json } } },
      }),
    }),
  works: { tool: "getPet", args: { id: 1 }, value: { id: 1, name: "Rex" } },
  fails: { tool: "getPet", args: { id: 2 }, message: "There is no such pet" },
  waits: { tool: "wait", args: {} },
});
