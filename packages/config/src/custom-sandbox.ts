import { CodemodeError, isCodemodeError } from "@codemode/core";
import type { Sandbox } from "@codemode/sandbox";

import { findModule, isModulePath } from "./module-path.ts";
import type { Attempt, NamedModule } from "./named-module.ts";
import { exportsOf, importModule, unusable } from "./named-module.ts";
import type { SandboxBackend, SandboxBackendOptions } from "./sandbox-variants.ts";
import { findSandboxVariant, unknownVariant } from "./sandbox-variants.ts";

const REMEDY = "Correct the module, or choose another sandbox_variant.";
const SHAPE =
  "It has to export createSandbox(options), which gives a Sandbox, for example that of createChannelSandbox in @codemode/sandbox.";

/** The module of a variant, for errors. */
export function variantModule(name: string): NamedModule {
  return { key: "sandbox_variant", name, code: "SANDBOX_UNAVAILABLE", remedy: REMEDY };
}

/** Whether a name may lead to a sandbox: registered, a path, or a package that is installed. */
export function isKnownVariant(name: string, folder: string): boolean {
  if (name === "" || findSandboxVariant(name) !== undefined || isModulePath(name)) return true;
  return findModule(name, folder) !== undefined;
}

/** The backend in a module by path, from `folder`, or in a package. */
export async function importBackend(
  variant: string,
  folder: string,
  attempt: Attempt,
): Promise<SandboxBackend> {
  const named = variantModule(variant);
  const module = await importModule(variant, folder, attempt);
  if (module === undefined) {
    if (!isModulePath(variant)) throw new CodemodeError("CONFIG_INVALID", unknownVariant(variant));
    throw unusable(named, "is not there. Its path starts at the config file's folder.");
  }
  if (!isBackend(module)) {
    throw unusable(named, `cannot be used: it exports ${exportsOf(module)}. ${SHAPE}`);
  }
  return {
    async createSandbox(options: SandboxBackendOptions) {
      const sandbox: unknown = await module.createSandbox(options);
      if (isSandbox(sandbox)) return withTypedErrors(sandbox, attempt);
      throw unusable(named, `cannot be used: what createSandbox gives is no Sandbox. ${SHAPE}`);
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
