import { pathToFileURL } from "node:url";

import { CodemodeError, isCodemodeError } from "@codemode/core";
import type { Sandbox } from "@codemode/sandbox";

import { findSandboxModule, isModulePath } from "./sandbox-module.ts";
import type { SandboxBackend, SandboxBackendOptions } from "./sandbox-variants.ts";
import { unknownVariant } from "./sandbox-variants.ts";

/** Does something with a variant; what goes wrong becomes `SANDBOX_UNAVAILABLE`, which names it. */
export type Attempt = <T>(what: string, action: () => T | Promise<T>) => Promise<T>;

const REMEDY = "Correct the module, or choose another sandbox_variant.";
const SHAPE =
  "It has to export createSandbox(options), which gives a Sandbox, for example that of createChannelSandbox in @codemode/sandbox.";

/** `folders` are cut from what is told: where things lie on the host is nobody's business. */
export function createAttempt(variant: string, folders: readonly string[]): Attempt {
  const places = folders.flatMap((folder) =>
    folder.length > 1 ? [pathToFileURL(folder).href, folder] : [],
  );
  return async (what, action) => {
    try {
      return await action();
    } catch (error) {
      if (isCodemodeError(error)) throw error;
      const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
      const told = line.replace(/ imported from .*/, "").slice(0, 300);
      const why = places.reduce((text, place) => text.replaceAll(place, "."), told);
      throw unavailable(variant, `${what}: ${why.replace(/\.$/, "")}. ${REMEDY}`, error);
    }
  };
}

/** The backend in a module by path, from `folder`, or in a package. */
export async function importBackend(
  variant: string,
  folder: string,
  attempt: Attempt,
): Promise<SandboxBackend> {
  const url = findSandboxModule(variant, folder);
  if (url === undefined) {
    if (!isModulePath(variant)) throw new CodemodeError("CONFIG_INVALID", unknownVariant(variant));
    throw unavailable(variant, "is not there. Its path starts at the config file's folder.");
  }
  const module = await attempt("cannot be loaded", (): Promise<object> => import(url));
  if (!isBackend(module)) {
    const names = Object.keys(module).toSorted();
    const found = names.length === 0 ? "nothing" : names.join(", ");
    throw unavailable(variant, `cannot be used: it exports ${found}. ${SHAPE}`);
  }
  return {
    async createSandbox(options: SandboxBackendOptions) {
      const sandbox: unknown = await module.createSandbox(options);
      if (isSandbox(sandbox)) return withTypedErrors(sandbox, attempt);
      throw unavailable(
        variant,
        `cannot be used: what createSandbox gives is no Sandbox. ${SHAPE}`,
      );
    },
  };
}

function isBackend(module: object): module is SandboxBackend {
  return "createSandbox" in module && typeof module.createSandbox === "function";
}

function isSandbox(value: unknown): value is Sandbox {
  if (typeof value !== "object" || value === null) return false;
  const methods = ["openSession", "probe", "prewarm", Symbol.asyncDispose];
  return (
    "capabilities" in value &&
    typeof value.capabilities === "object" &&
    methods.every((name) => typeof Reflect.get(value, name) === "function")
  );
}

/** What a backend of others throws is told like what ours say. */
function withTypedErrors(sandbox: Sandbox, attempt: Attempt): Sandbox {
  return {
    variant: sandbox.variant,
    capabilities: sandbox.capabilities,
    async probe() {
      try {
        return await attempt("fails its probe", () => sandbox.probe());
      } catch (error) {
        const reason = isCodemodeError(error) ? error.message : String(error);
        return { ok: false, reason, remedy: REMEDY };
      }
    },
    prewarm: (count) => attempt("cannot start", () => sandbox.prewarm(count)),
    openSession: (options) => attempt("cannot open a session", () => sandbox.openSession(options)),
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}

function unavailable(variant: string, what: string, cause?: unknown): CodemodeError {
  const message = `The sandbox_variant ${JSON.stringify(variant)} ${what}`;
  return new CodemodeError("SANDBOX_UNAVAILABLE", message, { cause });
}
