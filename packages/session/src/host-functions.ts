import type { JsonValue, ToolRegistry } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { HostFunction } from "@codemode/sandbox";

import { isStrings, positional, toJson, toObject } from "./host-arguments.ts";
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

function usage(message: string): CodemodeError {
  return new CodemodeError("INVALID_ARGUMENTS", `${message}.`);
}
