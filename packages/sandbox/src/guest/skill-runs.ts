import type { ForkedRequest } from "./skill-forks.ts";
import type { SkillModule, SkillSpace } from "./skill-spaces.ts";

declare function showValues(values: readonly unknown[]): string;
declare function enterSkill(space: SkillSpace, module: SkillModule, console?: object): SkillSpace;
declare function loadSkillModule(space: SkillSpace, reference: string): Promise<SkillModule>;
declare function runForked(
  space: SkillSpace,
  module: SkillModule,
  request: ForkedRequest,
): Promise<unknown>;
declare function callSkillModule(
  space: SkillSpace,
  module: SkillModule,
  args: readonly unknown[],
): Promise<unknown>;

type Fields = Readonly<Record<string, unknown>>;

/** What a script printed, up to a limit. */
interface Printed {
  stdout: string;
  stderr: string;
  readonly console: object;
}

/** `generated/skills`: skills as tools that take one object. */
function createSkillTools(space: SkillSpace): object {
  const { realm } = space;
  const ask =
    (name: string) =>
    (options?: unknown): Promise<unknown> =>
      realm.call("h", name, [options ?? {}]);
  const list_skills = ask("skills.tools.list");
  const load_skill = ask("skills.tools.load");
  const read_skill_resource = ask("skills.tools.read");
  const search_skills = ask("skills.tools.search");
  const run_skill = (request: unknown): Promise<unknown> => runSkill(space, request);
  return realm.freeze({
    __proto__: null,
    list_skills,
    listSkills: list_skills,
    search_skills,
    searchSkills: search_skills,
    load_skill,
    loadSkill: load_skill,
    read_skill_resource,
    readSkillResource: read_skill_resource,
    run_skill,
    runSkill: run_skill,
    run_skill_script: run_skill,
    runSkillScript: run_skill,
  });
}

/** Runs a script of a skill anew and tells how it went; a script that fails is no error of the caller. */
async function runSkill(space: SkillSpace, request: unknown): Promise<unknown> {
  const { skill_name, script_name, args, kwargs } = (request ?? {}) as Fields;
  const name = (request as Fields | null)?.["name"] ?? skill_name;
  const printed = createPrinted();
  let module: SkillModule;
  let inner: SkillSpace;
  try {
    if (typeof name !== "string")
      throw space.realm.toolError({
        code: "INVALID_ARGUMENTS",
        message:
          'run_skill takes { skill_name, script_name?, args? }: run_skill({ skill_name: "x", args: { ... } }).',
      });
    const script = typeof script_name === "string" ? `/run:${script_name}` : "";
    const reference = `${name}${script}`;
    module = await loadSkillModule(space, reference);
    inner = enterSkill(space, module, printed.console);
    if (module.fork)
      return await runForked(space, module, { kind: "run", reference, args: [request] });
  } catch (error) {
    return failedRun(space, error, { printed, executionOk: false });
  }
  try {
    const named = kwargs as Fields | undefined;
    const list = Array.isArray(args) ? (args as unknown[]) : [{ ...(args as Fields), ...named }];
    const isNamed = list.length === 0 && named !== undefined;
    const value = await callSkillModule(inner, module, isNamed ? [named] : list);
    return finishedRun(value, printed);
  } catch (error) {
    return failedRun(space, error, { printed, executionOk: true, skill: module });
  }
}

function createPrinted(): Printed {
  const limit = 65_536;
  const print =
    (to: "stdout" | "stderr") =>
    (...values: unknown[]): void => {
      const room = limit - printed[to].length;
      if (room <= 0) return;
      const line = `${showValues(values)}\n`;
      printed[to] += line.length <= room ? line : `${line.slice(0, room)}... (cut at 64 KiB)`;
    };
  const out = print("stdout");
  const err = print("stderr");
  const more = Object.create(console) as object;
  const printed: Printed = {
    stdout: "",
    stderr: "",
    console: Object.assign(more, {
      log: out,
      info: out,
      debug: out,
      dir: out,
      table: out,
      warn: err,
      error: err,
      trace: err,
    }),
  };
  return printed;
}

function finishedRun(value: unknown, { stdout, stderr }: Printed): object {
  return {
    success: true,
    output: value === undefined ? stdout || null : value,
    stdout,
    stderr,
    execution_ok: true,
    execution_error: null,
    code_error: null,
    exit_code: 0,
    root_error_code: null,
    failure_reason: null,
    recovery_hint: null,
    error: null,
  };
}

interface FailedRun {
  readonly printed: Printed;
  /** The script began to run. */
  readonly executionOk: boolean;
  readonly skill?: SkillModule;
}

async function failedRun(space: SkillSpace, error: unknown, run: FailedRun): Promise<object> {
  const { realm } = space.shared;
  const { printed, executionOk, skill } = run;
  const fields = realm.toolErrorFields(error);
  const { name, message, stack } = readError(error);
  const code = fields?.code ?? name;
  const isMisuse =
    code === "INVALID_ARGUMENTS" && (!skill || fields?.tool === `skills.${skill.skill}`);
  const traceback = await readTraceback(space, stack);
  return {
    success: false,
    output: null,
    stdout: printed.stdout,
    stderr: printed.stderr,
    execution_ok: executionOk,
    execution_error: executionOk ? null : message,
    code_error: executionOk ? { name, value: message, traceback } : null,
    exit_code: isMisuse ? 2 : 1,
    root_error_code: code,
    failure_reason: `${name}: ${message}`,
    recovery_hint: recoveryHint(code, isMisuse),
    error: message,
  };
}

function recoveryHint(code: string, isMisuse: boolean): string {
  if (isMisuse) return "The arguments are wrong: call load_skill and give what it says.";
  switch (code) {
    case "SKILL_NOT_FOUND":
      return "Call list_skills or search_skills for the names that there are.";
    case "TOOL_DENIED":
      return "The skill may not call this tool: change its allowed-tools, or call the tool yourself.";
    case "SKILL_CYCLE":
      return "Skills must not use each other in a circle: save one of them without the other.";
    default:
      return "Read code_error, mend the arguments or save a corrected skill, and run it again.";
  }
}

/** An error's words, whatever was thrown. */
function readError(error: unknown): { name: string; message: string; stack: string } {
  try {
    if (typeof error !== "object" || error === null)
      return { name: "Error", message: `${String(error)} was thrown`, stack: "" };
    const { name, message, stack } = error as Fields;
    return {
      name: String(name ?? "Error"),
      message: message === undefined ? `${showValues([error])} was thrown` : String(message),
      stack: String(stack ?? ""),
    };
  } catch {
    return { name: "Error", message: "The error cannot be read.", stack: "" };
  }
}

/** The host knows which line of the skill a place is. */
async function readTraceback(space: SkillSpace, stack: string): Promise<string> {
  try {
    return String(await space.shared.realm.call("h", "skills.traceback", [stack]));
  } catch {
    return "";
  }
}

export const skillRunFunctions = [
  createSkillTools,
  runSkill,
  createPrinted,
  finishedRun,
  failedRun,
  recoveryHint,
  readError,
  readTraceback,
];
