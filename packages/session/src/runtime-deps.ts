import type { JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { HostFunction } from "@codemode/sandbox";

import { positional, toJson } from "./host-arguments.ts";

/** An npm package that programs can import. */
export interface InstalledDep {
  readonly name: string;
  readonly version: string;
}

/** Packages that programs install for themselves. Each method rejects with `DEPS_FAILED` or `INVALID_ARGUMENTS`. */
export interface RuntimeDeps {
  /** `name`, `name@range`, or `file:./package.tgz` inside the workspace. */
  add(spec: string, options: { readonly signal: AbortSignal }): Promise<InstalledDep>;
  list(): Promise<readonly InstalledDep[]>;
  /** Whether it was there. */
  remove(name: string, options: { readonly signal: AbortSignal }): Promise<boolean>;
  /** Installs whatever has been added and is not there, and gives what is. */
  sync(options: { readonly signal: AbortSignal }): Promise<readonly InstalledDep[]>;
}

const OFF =
  'Programs may not install packages here: "allow_runtime_deps" in the configuration is off.';

/** `deps.*` as programs call them; where there are none, `DEPS_DISABLED` and why. */
export function createDepsFunctions(
  deps: RuntimeDeps | { readonly disabled: string } | undefined,
): {
  readonly [name: string]: HostFunction;
} {
  const enabled = deps !== undefined && "add" in deps ? deps : undefined;
  if (!enabled) {
    const reason = deps !== undefined && "disabled" in deps ? deps.disabled : OFF;
    const refuse: HostFunction = () => Promise.reject(new CodemodeError("DEPS_DISABLED", reason));
    return { "deps.add": refuse, "deps.list": refuse, "deps.remove": refuse, "deps.sync": refuse };
  }
  return {
    "deps.add": async (args, { signal }) =>
      toJson(await enabled.add(nameOf(args, "add"), { signal })),
    "deps.list": async () => toJson(await enabled.list()),
    "deps.remove": (args, { signal }) => enabled.remove(nameOf(args, "remove"), { signal }),
    "deps.sync": async (_args, { signal }) => toJson(await enabled.sync({ signal })),
  };
}

function nameOf(args: JsonValue, method: string): string {
  const [name] = positional(args);
  if (typeof name === "string") return name;
  const message = `deps.${method} takes a package's name: deps.${method}("left-pad").`;
  throw new CodemodeError("INVALID_ARGUMENTS", message);
}
