import type { JsonObject, JsonValue, ToolRegistry } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { HostFunction } from "@codemode/sandbox";

import type { ToolFinder } from "./tool-finder.ts";

/** What a program reads of the catalog: `tools.search`, `tools.list`, `tools.describe`. */
export function createHostFunctions(
  registry: ToolRegistry,
  finder: ToolFinder,
): { readonly [name: string]: HostFunction } {
  return {
    "tools.search": async (args) => {
      const [query, options] = positional(args);
      const queries = typeof query === "string" ? [query] : query;
      if (!isStrings(queries)) {
        throw usage(
          'tools.search takes what you need in words: tools.search("read a file", { limit: 5 })',
        );
      }
      return toJson(finder.search(queries, searchOptions(options)));
    },
    "tools.list": async (args) => {
      const [options] = positional(args);
      const { server, keywords, limit, includeDeferred } = toObject(options);
      const { names } = registry.listNames({
        ...(typeof server === "string" ? { server } : {}),
        ...(isStrings(keywords) ? { keywords } : {}),
        ...(typeof limit === "number" ? { limit } : {}),
        ...(typeof includeDeferred === "boolean" ? { includeDeferred } : {}),
      });
      return names;
    },
    "tools.describe": async (args) => {
      const [name] = positional(args);
      if (typeof name !== "string") {
        throw usage('tools.describe takes a tool\'s name: tools.describe("server.tool")');
      }
      const { definition, signature, declaration, imports } = finder.describe(name);
      const { canonicalName, description, inputSchema, outputSchema } = definition;
      return toJson({
        name: canonicalName,
        description,
        signature,
        declaration,
        imports,
        inputSchema,
        outputSchema,
      });
    },
  };
}

function searchOptions(value: JsonValue | undefined): { server?: string; limit?: number } {
  const { server, limit } = toObject(value);
  return {
    ...(typeof server === "string" ? { server } : {}),
    ...(typeof limit === "number" ? { limit } : {}),
  };
}

function positional(args: JsonValue): readonly JsonValue[] {
  return isArray(args) ? args : [args];
}

function toObject(value: JsonValue | undefined): JsonObject {
  return typeof value === "object" && value !== null && !isArray(value) ? value : {};
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isStrings(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Definitions came out of JSON; members that are absent are left out. */
function toJson(value: object): JsonValue {
  const json: JsonValue = JSON.parse(JSON.stringify(value));
  return json;
}

function usage(message: string): CodemodeError {
  return new CodemodeError("INVALID_ARGUMENTS", `${message}.`);
}
