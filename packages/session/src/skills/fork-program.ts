import type { JsonValue } from "@codemode/core";

// Shipped to the sandbox as text: uses what it is given and what programs have, nothing else.

type Exports = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
declare const skills: Exports;
declare const ToolError: new () => unknown;

type Load = (specifier: string) => Promise<Exports>;

/** Does in a skill's own guest what its caller asked for; what the skill throws is told, not thrown. */
async function runForkedSkill(load: Load, request: ForkRequest): Promise<unknown> {
  const { kind, reference, exportName, args } = request;
  try {
    if (kind === "invoke") return { value: await skills["invoke"]?.(reference, ...args) };
    const exports = await load(kind === "run" ? "generated/skills" : `skills/${reference}`);
    if (kind === "run") return { value: await exports["run_skill"]?.(args[0]) };
    if (kind === "call") return { value: await exports[exportName]?.(...args) };
    const functions: string[] = [];
    const values: Record<string, unknown> = {};
    for (const name of Object.keys(exports)) {
      if (typeof exports[name] === "function") functions.push(name);
      else values[name] = exports[name];
    }
    return { value: { functions, values } };
  } catch (error) {
    return { error: describeThrown(error) };
  }
}

/** Whatever was thrown, as data. */
function describeThrown(thrown: unknown): unknown {
  try {
    if (typeof thrown !== "object" || thrown === null)
      return { name: "Error", message: `${String(thrown)} was thrown`, stack: "" };
    const fields: Readonly<Record<string, unknown>> = Object(thrown);
    const { code, tool, details, retryable } = fields;
    const words = {
      name: textOf(fields["name"], "Error"),
      message: textOf(fields["message"], `${JSON.stringify(thrown)} was thrown`),
      stack: textOf(fields["stack"], ""),
    };
    return thrown instanceof ToolError ? { ...words, code, tool, details, retryable } : words;
  } catch {
    return { name: "Error", message: "The error cannot be read.", stack: "" };
  }
}

function textOf(value: unknown, instead: string): string {
  return typeof value === "string" ? value : instead;
}

/** What is asked of a skill in a guest of its own. */
export interface ForkRequest {
  readonly kind: "import" | "call" | "invoke" | "run";
  /** As it is loaded: `name`, `name/path`. */
  readonly reference: string;
  /** Of a `call`. */
  readonly exportName: string;
  readonly args: readonly JsonValue[];
}

/** The program that answers it. What is asked goes in as data. */
export function forkProgram(request: ForkRequest): string {
  const data = JSON.stringify(JSON.stringify(request));
  const functions = [runForkedSkill, describeThrown, textOf].map(String).join("\n");
  return `return await ((load, request) => { ${functions}
return runForkedSkill(load, request); })((specifier) => import(specifier), JSON.parse(${data}));`;
}
