import type { SkillExports, SkillModule, SkillSpace } from "./skill-spaces.ts";

/** What a skill in a guest of its own is asked for. */
export interface ForkedRequest {
  readonly kind: "import" | "call" | "invoke" | "run";
  /** As it was loaded: `name`, `name/path` or `name/run:script`. */
  readonly reference: string;
  /** Of a `call`. */
  readonly exportName?: string;
  readonly args: readonly unknown[];
}

/** How the host answers. */
interface ForkedAnswer {
  readonly value?: unknown;
  readonly error: ForkedError | null;
  /** What it printed, as level and text. */
  readonly logs: readonly (readonly [level: string, text: string])[];
}

interface ForkedError {
  readonly name: string;
  readonly message: string;
  /** The lines of its stack that are in skills. */
  readonly frames: string;
  /** Of a `ToolError`. */
  readonly code?: string;
  readonly tool?: string;
  readonly details?: unknown;
  readonly retryable?: boolean;
}

/** Asks the host to run a skill in a guest of its own; prints what it printed, throws what it threw. */
async function runForked(
  space: SkillSpace,
  module: SkillModule,
  { kind, reference, exportName, args }: ForkedRequest,
): Promise<unknown> {
  const { realm } = space;
  const tool = `skills.${module.skill}`;
  let answer: ForkedAnswer;
  try {
    answer = (await realm.call("h", "skills.fork", [
      module.id,
      { kind, reference, exportName: exportName ?? "", args },
    ])) as ForkedAnswer;
  } catch (error) {
    const fields = space.shared.realm.toolErrorFields(error);
    if (fields?.tool !== "skills.fork") throw error;
    const isData = fields.code === "INVALID_ARGUMENTS";
    const why = isData ? " runs in a guest of its own, and arguments go there as data." : ":";
    const message = `Skill "${module.skill}"${why} ${fields.message}`;
    throw realm.toolError({ ...fields, tool, message });
  }
  const { logs, error, value } = answer;
  for (let index = 0; index < logs.length; index += 1) {
    const line = logs[index];
    if (line) printForked(space, line[0], line[1]);
  }
  if (error) throw forkedError(space, error);
  return value;
}

function printForked({ shared, console: own }: SkillSpace, level: string, text: string): void {
  const print = (own as Record<string, unknown> | undefined)?.[level];
  if (typeof print === "function") print(text);
  else shared.realm.log(level, text);
}

/** The error as it was thrown, with its places in the skill before those of the caller. */
function forkedError({ realm }: SkillSpace, error: ForkedError): Error {
  const { name, message, frames, code, tool, details, retryable } = error;
  const made =
    code === undefined
      ? new Error(message)
      : realm.toolError({ tool, code, message, details, retryable });
  if (code === undefined) realm.define(made, "name", name);
  const stack = String(made.stack);
  let end = 0;
  while (end < stack.length && realm.slice(stack, end, end + 8) !== "\n    at ") end += 1;
  realm.define(made, "stack", `${name}: ${message}${frames}${realm.slice(stack, end)}`);
  return made;
}

/** The exports of a skill in a guest of its own: its functions by way of the host, the rest as data. */
async function importForked(
  space: SkillSpace,
  module: SkillModule,
  reference: string,
): Promise<SkillExports> {
  const { shared } = space;
  const { realm } = shared;
  const execution = realm.execution?.id ?? "";
  const key = `fork:${module.id}/${module.path}`;
  const known = space.instances[key];
  if (known?.execution === execution) return known.exports;
  const exports = fetchForked(space, module, reference);
  space.instances[key] = { execution, ran: false, exports };
  return exports;
}

async function fetchForked(
  space: SkillSpace,
  module: SkillModule,
  reference: string,
): Promise<SkillExports> {
  const { realm } = space.shared;
  const request = { kind: "import", reference, args: [] } as const;
  const found = (await runForked(space, module, request)) as {
    readonly functions: readonly string[];
    readonly values: Readonly<Record<string, unknown>>;
  };
  const exports: Record<string, unknown> = { __proto__: null };
  const names = realm.keysOf(found.values);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? "";
    exports[name] = found.values[name];
  }
  for (let index = 0; index < found.functions.length; index += 1) {
    const exportName = found.functions[index] ?? "";
    exports[exportName] = realm.freeze((...args: readonly unknown[]) =>
      runForked(space, module, { kind: "call", reference, exportName, args }),
    );
  }
  return realm.freeze(exports);
}

export const skillForkFunctions = [runForked, printForked, forkedError, importForked, fetchForked];
