import { readFile } from "node:fs/promises";

import { beforeAll, expect, test } from "vitest";

import { schemaToDeclarations } from "../src/index.ts";
import { compile } from "./support/compile.ts";
import { literalType } from "./support/literal-type.ts";
import type { SuiteCase, SuiteInstance } from "./support/suite.ts";
import { loadSuite } from "./support/suite.ts";

/** What the generated types make of the suite. */
interface Outcome {
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
  /** Instances that cannot be assigned to the type. */
  readonly refused: ReadonlySet<string>;
  /** Schemas whose declarations have errors of their own. */
  readonly unclean: readonly string[];
  readonly cases: number;
}

const RATCHET = new URL("expected-rejections.json", import.meta.url);

let outcome: Outcome;
let expected: readonly string[];

beforeAll(async () => {
  const suites = await Promise.all([
    loadSuite("draft7", "http://json-schema.org/draft-07/schema#"),
    loadSuite("draft2020-12", "https://json-schema.org/draft/2020-12/schema"),
  ]);
  outcome = await judge(suites.flat());
  const ratchet: unknown = JSON.parse(await readFile(RATCHET, "utf8"));
  expected = Array.isArray(ratchet) ? ratchet.filter((id) => typeof id === "string") : [];
}, 300_000);

test("every schema's declarations compile", () => {
  const clean = outcome.cases - outcome.unclean.length;
  report("clean", clean, outcome.cases);
  expect(outcome.unclean).toEqual([]);
  expect(outcome.cases).toBeGreaterThan(500);
});

test("every valid instance can be assigned to its type", () => {
  const wrong = outcome.valid.filter((id) => outcome.refused.has(id));
  report("accept", outcome.valid.length - wrong.length, outcome.valid.length);
  expect(wrong).toEqual([]);
});

test("no invalid instance that was refused before is let through", () => {
  const refused = outcome.invalid.filter((id) => outcome.refused.has(id));
  report("reject", refused.length, outcome.invalid.length);
  expect(expected.length).toBeGreaterThan(500);
  expect(expected.filter((id) => !outcome.refused.has(id))).toEqual([]);
  expect(refused.length).toBeGreaterThanOrEqual(expected.length);
});

test("every refused instance is in the list, so that it stays refused", () => {
  const refused = outcome.invalid.filter((id) => outcome.refused.has(id));
  // Something new here is good news: write it into expected-rejections.json.
  expect(refused.filter((id) => !expected.includes(id))).toEqual([]);
});

function report(figure: string, count: number, of: number): void {
  const percent = ((100 * count) / of).toFixed(1);
  process.stdout.write(`JSON Schema suite, ${figure}: ${percent} % (${count} of ${of})\n`);
}

async function judge(cases: readonly SuiteCase[]): Promise<Outcome> {
  const files = new Map<string, string>();
  // For every file, what stands on each of its lines: an instance, or a declaration.
  const owners = new Map<string, { readonly id: string; readonly lines: readonly string[] }>();
  for (const [place, { id, schema, instances }] of cases.entries()) {
    const { text } = schemaToDeclarations(schema, { profile: "exact", name: "T" });
    const declarations = text.trimEnd().split("\n");
    const rows = [...declarations, ...instances.map(assignment), "export {};", ""];
    const lines = [...declarations.map(() => ""), ...instances.map((instance) => instance.id)];
    files.set(`case${place}.ts`, rows.join("\n"));
    owners.set(`case${place}.ts`, { id, lines });
  }
  const refused = new Set<string>();
  const unclean = new Set<string>();
  for (const { file, line, text } of await compile(files)) {
    const owner = owners.get(file);
    const instance = owner?.lines[line - 1] ?? "";
    // A syntax error keeps the compiler from judging anything: never a refusal.
    if (instance === "" || /^TS1\d{3}:/.test(text)) unclean.add(`${owner?.id ?? file}: ${text}`);
    else refused.add(instance);
  }
  const all = cases.flatMap(({ instances }) => instances);
  return {
    valid: idsOf(all, true),
    invalid: idsOf(all, false),
    refused,
    unclean: [...unclean],
    cases: cases.length,
  };
}

function assignment({ data }: SuiteInstance, place: number): string {
  return `declare const v${place}: ${literalType(data)}; export const t${place}: T = v${place};`;
}

function idsOf(instances: readonly SuiteInstance[], valid: boolean): readonly string[] {
  return instances.filter((instance) => instance.valid === valid).map(({ id }) => id);
}
