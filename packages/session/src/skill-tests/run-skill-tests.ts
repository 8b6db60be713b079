import type { JsonValue } from "@codemode/core";
import { isCodemodeError } from "@codemode/core";
import type { ExecuteResult, Sandbox } from "@codemode/sandbox";
import type { Skill, SkillStore } from "@codemode/skills";

import { isObject } from "../host-arguments.ts";
import { createSession } from "../session.ts";
import type { RecordedTools } from "./recorded-tools.ts";
import { recordedRegistry } from "./recorded-tools.ts";
import type { SkillTestCase } from "./test-case.ts";
import { judge, parseTestFile, readRecorded, readTestCases } from "./test-case.ts";
import { testProgram } from "./test-harness.ts";

/** What skills are tested with. */
export interface SkillTestOptions {
  readonly store: SkillStore;
  readonly sandbox: Sandbox;
  /** Default: every skill that is not archived. */
  readonly name?: string;
}

/** How one test went. */
export interface SkillTestResult {
  readonly skill: string;
  /** Inside the skill: `tests/basic.json`. */
  readonly path: string;
  readonly name: string;
  readonly ok: boolean;
  /** What is wrong. */
  readonly message?: string;
}

const TEST_JSON = /^tests\/(?!.*\.tools\.json$).+\.json$/;
const TEST_MODULE = /^tests\/.+\.test\.m?[tj]s$/;

/**
 * Runs what skills carry in `tests/`: cases in JSON and `*.test.ts`, in the sandbox, with recorded
 * answers instead of tools. Reaches nobody. Rejects where there is no such skill.
 */
export async function runSkillTests(
  options: SkillTestOptions,
): Promise<readonly SkillTestResult[]> {
  const { store, name } = options;
  const skills = name === undefined ? await allSkills(store) : [await store.get(name)];
  const results: SkillTestResult[] = [];
  for (const skill of skills) {
    for (const path of [...skill.files.keys()].toSorted((a, b) => (a < b ? -1 : 1))) {
      // oxlint-disable-next-line no-await-in-loop -- one after another: tests are told in order
      results.push(...(await runFile(options, skill, path)));
    }
  }
  return results;
}

async function allSkills(store: SkillStore): Promise<readonly Skill[]> {
  const skills: Skill[] = [];
  let after: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- a page tells where the next begins
    const page = await store.list(after === undefined ? {} : { after });
    // oxlint-disable-next-line no-await-in-loop -- a page at a time
    skills.push(...(await Promise.all(page.skills.map(({ name }) => store.get(name)))));
    after = page.next;
  } while (after !== undefined);
  return skills;
}

async function runFile(
  options: SkillTestOptions,
  skill: Skill,
  path: string,
): Promise<readonly SkillTestResult[]> {
  const text = skill.files.get(path);
  if (typeof text !== "string") return [];
  try {
    if (TEST_JSON.test(path)) return await runCases(options, skill, { path, text });
    if (TEST_MODULE.test(path)) return await runModule(options, skill, path);
    return [];
  } catch (error) {
    if (!isCodemodeError(error)) throw error;
    return [{ skill: skill.name, path, name: path, ok: false, message: error.message }];
  }
}

async function runCases(
  options: SkillTestOptions,
  skill: Skill,
  { path, text }: { readonly path: string; readonly text: string },
): Promise<readonly SkillTestResult[]> {
  const results: SkillTestResult[] = [];
  for (const one of readTestCases(text)) {
    // oxlint-disable-next-line no-await-in-loop -- a sandbox at a time
    const ran = await execute(options, caseProgram(skill, one), one.tools);
    const message = judge(one, readRun(ran));
    const result = { skill: skill.name, path, name: one.name, ok: message === undefined };
    results.push(message === undefined ? result : { ...result, message });
  }
  return results;
}

/** What the case gives goes in as JSON. */
function caseProgram({ name }: Skill, { script, args }: SkillTestCase): string {
  const request = { skill_name: name, script_name: script, args };
  return `const { run_skill } = await import("generated/skills");\nreturn await run_skill(${JSON.stringify(request)});`;
}

function readRun(result: ExecuteResult): {
  readonly ok: boolean;
  readonly output?: JsonValue;
  readonly told: string;
} {
  if (!result.ok) return { ok: false, told: `${result.error.code}: ${result.error.message}` };
  const run = isObject(result.value) ? result.value : {};
  if (run["success"] === true) return { ok: true, output: run["output"] ?? null, told: "" };
  const { root_error_code, failure_reason, code_error } = run;
  const traceback = isObject(code_error) ? textOf(code_error["traceback"]) : "";
  const place = /skills\/\S+:\d+/.exec(traceback)?.[0];
  const where = place === undefined ? "" : ` (${place})`;
  return { ok: false, told: `${textOf(root_error_code)}: ${textOf(failure_reason)}${where}` };
}

async function runModule(
  options: SkillTestOptions,
  skill: Skill,
  path: string,
): Promise<readonly SkillTestResult[]> {
  const answersPath = path.replace(/\.test\.m?[tj]s$/, ".tools.json");
  const answers = skill.files.get(answersPath);
  const recorded = typeof answers === "string" ? parseTestFile(answers, answersPath) : {};
  const specifier = `skills/${skill.name}/${path.replace(/\.m?[tj]s$/, "")}`;
  const result = await execute(options, testProgram(specifier), readRecorded(recorded));
  const base = { skill: skill.name, path };
  if (!result.ok) {
    const { message, origin } = result.error;
    const where = origin ? ` (${origin.module}:${origin.line})` : "";
    return [{ ...base, name: path, ok: false, message: `${message}${where}` }];
  }
  const tests = Array.isArray(result.value) ? result.value : [];
  // Without tests of its own it is a program that must not throw.
  if (tests.length === 0) return [{ ...base, name: path, ok: true }];
  return tests.map((test: JsonValue) => {
    const { name, ok, message } = isObject(test) ? test : {};
    const ran = { skill: skill.name, path, name: textOf(name), ok: ok === true };
    return typeof message === "string" ? Object.assign(ran, { message }) : ran;
  });
}

async function execute(
  { store, sandbox }: SkillTestOptions,
  code: string,
  recorded: RecordedTools,
): Promise<ExecuteResult> {
  await using registry = await recordedRegistry(recorded);
  await using session = createSession({ registry, sandbox, skills: store, testsSkills: true });
  return await session.execute(code);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
