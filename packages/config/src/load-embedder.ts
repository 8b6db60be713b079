import type { EmbeddingProvider, LoadEmbeddingProvider } from "@codemode/skills";

import { isModulePath } from "./module-path.ts";
import type { Attempt, NamedModule } from "./named-module.ts";
import { createAttempt, exportsOf, importModule, reasonOf, unusable } from "./named-module.ts";

const SHAPE =
  "It has to export embedder, a provider { id: string, embed(texts: string[]): Promise<number[][]> }, or createEmbedder(), which gives one.";

/** Loads the provider that `embeddings` names, by path from `folder` or in a package, when it is called. */
export function createEmbedderLoader(name: string, folder: string): LoadEmbeddingProvider {
  const remedy = "Correct the module, or take embeddings out of the config.";
  const named: NamedModule = { key: "embeddings", name, code: "CONFIG_INVALID", remedy };
  const attempt = createAttempt(named, [folder]);
  return async () => {
    const module = await importModule(name, folder, attempt);
    if (module === undefined) {
      const where = isModulePath(name)
        ? "is not there. Its path starts at the config file's folder."
        : 'is no package that is installed there. Install it, or write the path of a module: "./embedder.ts".';
      throw unusable(named, where);
    }
    const { what, value } = await takeExport(module, attempt);
    if (what === "") {
      throw unusable(named, `cannot be used: it exports ${exportsOf(module)}. ${SHAPE}`);
    }
    if (!isProvider(value)) {
      throw unusable(named, `cannot be used: ${what} is no provider. ${SHAPE}`);
    }
    return {
      id: value.id,
      // What it fails with is told to models: without where things lie on the host.
      embed: async (texts) => {
        try {
          return await value.embed(texts);
        } catch (error) {
          throw new Error(reasonOf(error, [folder]), { cause: error });
        }
      },
    };
  };
}

/** What stands for the provider in a module, and how it is called; `""` where there is none. */
async function takeExport(
  module: object,
  attempt: Attempt,
): Promise<{ readonly what: string; readonly value?: unknown }> {
  if ("embedder" in module) return { what: "embedder", value: module.embedder };
  if (!("createEmbedder" in module)) return { what: "" };
  const { createEmbedder } = module;
  if (typeof createEmbedder !== "function") return { what: "createEmbedder" };
  const make = (): unknown => createEmbedder();
  return {
    what: "what createEmbedder gives",
    value: await attempt("cannot be made", make),
  };
}

function isProvider(value: unknown): value is EmbeddingProvider {
  if (typeof value !== "object" || value === null) return false;
  if (!("id" in value) || typeof value.id !== "string" || value.id === "") return false;
  return "embed" in value && typeof value.embed === "function";
}
