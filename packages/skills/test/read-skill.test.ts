import { describe, expect, test } from "vitest";

import { readSkill } from "../src/read-skill.ts";

const BATCH = `/** Process all files in a directory. */
import { read_file } from "generated/servers/filesystem";

interface Options { /** How many at once. */ parallel?: number; mode: "fast" | "safe" }

/**
 * Process all files in a directory.
 *
 * @param input_dir - Input directory path.
 * @param {string} output_dir Output directory path.
 * @tags file, batch
 * @status draft
 */
export async function batch_process(
  input_dir: string,
  output_dir: string,
  options: Options = { mode: "safe" },
  ...globs: string[]
): Promise<Record<string, number>> {
  return { processed: 1 };
}
`;

describe("a single file", () => {
  test("tells its description, tags, status and parameters by its text", async () => {
    const skill = await readSkill({
      name: "batch_process",
      files: { "batch_process.ts": BATCH },
    });

    expect(skill).toMatchObject({
      name: "batch_process",
      form: "file",
      description: "Process all files in a directory.",
      tags: ["file", "batch"],
      statedStatus: "draft",
      diagnostics: [],
    });
    expect(skill.entry?.exportName).toBe("batch_process");
    expect(skill.entry?.call).toEqual({
      style: "positional",
      names: ["input_dir", "output_dir", "options", "globs"],
      rest: true,
    });
    expect(skill.entry?.parameters).toEqual({
      type: "object",
      properties: {
        input_dir: { type: "string", description: "Input directory path." },
        output_dir: { type: "string", description: "Output directory path." },
        options: {
          type: "object",
          properties: {
            parallel: { type: "number", description: "How many at once." },
            mode: { enum: ["fast", "safe"] },
          },
          required: ["mode"],
          default: { mode: "safe" },
        },
        globs: { type: "array", items: { type: "string" } },
      },
      required: ["input_dir", "output_dir"],
      additionalProperties: false,
    });
    expect(skill.signature).toBe(
      'batch_process(input_dir: string, output_dir: string, options: Options = { mode: "safe" }, ...globs: string[]): Promise<Record<string, number>>',
    );
  });

  test("may take one object, and give its parameters itself", async () => {
    const taken = await readSkill({
      name: "greet",
      files: {
        "greet.ts":
          "/** Greets. */\nexport default async ({ name, times = 2 }: { name: string; times?: number }) => name;",
      },
    });
    const zod = await readSkill({
      name: "greet",
      files: {
        "greet.ts": `import { z } from "zod";
          export const parameters = z.object({
            name: z.string().min(1).describe("Whom."),
            kind: z.enum(["a", "b"]).default("a"),
            list: z.array(z.number()).optional(),
          });
          /** Greets. */
          export const run = (args: unknown) => args;`,
      },
    });

    expect(taken.entry).toMatchObject({
      exportName: "default",
      call: { style: "object" },
      parameters: {
        type: "object",
        properties: { name: { type: "string" }, times: { type: "number", default: 2 } },
        required: ["name"],
      },
    });
    expect(zod.entry).toMatchObject({
      exportName: "run",
      call: { style: "object" },
      parameters: {
        properties: {
          name: { type: "string", minLength: 1, description: "Whom." },
          kind: { enum: ["a", "b"], default: "a" },
          list: { type: "array", items: { type: "number" } },
        },
        required: ["name"],
      },
    });
  });

  test.each([
    ["export const x = ;", "line 1", "Correct the code"],
    ["/** A. */\nfunction s() {}", "not exported", 'Write "export"'],
    ["/** A. */\nexport const x = 1;", "exports no function", "export async function s("],
    ["/** A. */\nexport function a() {}\nexport function b() {}", "none of them", "Rename one"],
    ["export function s() {}", "no description", "doc comment"],
    ["def run(url: str) -> dict:\n    return 1", "looks like Python", "TypeScript"],
  ])("that is wrong is refused with where and what to do: %s", async (source, where, next) => {
    const read = readSkill({ name: "s", files: { "s.ts": source } });

    await expect(read).rejects.toMatchObject({
      code: "SKILL_INVALID",
      message: expect.stringContaining(where),
    });
    await expect(read).rejects.toMatchObject({ message: expect.stringContaining(next) });
  });

  test("whose types grow beyond measure is read all the same", async () => {
    const types = Array.from(
      { length: 12 },
      (_, n) => `type T${n} = { a: T${n + 1}; b: T${n + 1}; c: T${n + 1}; d: T${n} };`,
    ).join("\n");

    const skill = await readSkill({
      name: "deep",
      files: {
        "deep.ts": `${types}\ntype T12 = T0;\n/** Deep. */\nexport function deep(a: T0, b: Foreign) {}`,
      },
    });

    expect(skill.entry?.parameters).toMatchObject({ properties: { b: {} } });
  });

  test("that is nested too deeply is refused and ends no process", async () => {
    const source = `/** A. */ export function s() { return ${"[".repeat(60_000)}${"]".repeat(60_000)}; }`;

    await expect(readSkill({ name: "s", files: { "s.ts": source } })).rejects.toMatchObject({
      code: "SKILL_INVALID",
      message: expect.stringContaining("nested too deeply"),
    });
  });
});

const FRONT = `---
name: pdf-extractor
description: Use when: a PDF has tables
version: 1.2.0
allowed-tools: fs.read_file Bash(git log)
denied-tools:
  - fs.write_file
tags: [pdf, tables]
hooks:
  before-invoke: scripts/check.ts
metadata:
  status: draft
  team: 7
---

# How to

Read \`references/FORMS.md\` first.
`;

describe("a folder", () => {
  test("tells everything of its front matter, its scripts and its resources", async () => {
    const skill = await readSkill({
      name: "pdf-extractor",
      files: {
        "SKILL.md": FRONT,
        "scripts/extract.ts":
          "/** Takes tables. */\nexport function extract(path: string): string[] { return [path]; }",
        "scripts/check.ts": "export default () => true;",
        "scripts/pdf_extractor.js": "export function run({ path }) { return path; }",
        "scripts/lost.ts": "export const = 1;",
        "scripts/extract.test.ts": "test();",
        "references/FORMS.md": "# Forms",
        "assets/logo.png": new Uint8Array([137, 80, 0, 255]),
        "tests/one.json": "{}",
      },
    });

    expect(skill).toMatchObject({
      form: "folder",
      identifier: "pdf_extractor",
      description: "Use when: a PDF has tables",
      label: "1.2.0",
      allowedTools: ["fs.read_file", "Bash(git log)"],
      deniedTools: ["fs.write_file"],
      tags: ["pdf", "tables"],
      statedStatus: "draft",
      metadata: { status: "draft", team: "7" },
      hooks: { beforeInvoke: { path: "scripts/check.ts", exportName: "default" } },
      resources: ["assets/logo.png", "references/FORMS.md"],
    });
    expect(skill.body).toContain("# How to");
    expect(skill.entry?.path).toBe("scripts/pdf_extractor.js");
    expect(skill.scripts.map(({ path }) => path)).toEqual([
      "scripts/check.ts",
      "scripts/extract.ts",
      "scripts/pdf_extractor.js",
    ]);
    expect(skill.diagnostics).toEqual([
      { code: "SKILL_BROKEN", message: expect.stringContaining("scripts/lost.ts, line 1") },
      { code: "SKILL_ODD", message: expect.stringContaining("as if they were in quotes") },
    ]);
  });

  test("that only instructs has no entry", async () => {
    const skill = await readSkill({
      name: "advice",
      files: { "SKILL.md": "---\nname: advice\ndescription: Advice.\n---\nBe kind." },
    });

    expect(skill.entry).toBeUndefined();
    expect(skill.body).toBe("Be kind.");
  });

  test("is read leniently where a name differs, and not without a description", async () => {
    const other = await readSkill({
      name: "here",
      files: { "SKILL.md": "---\nname: there\ndescription: D.\ncolour: red\n---\n" },
    });

    expect(other.diagnostics.map(({ message }) => message)).toEqual([
      expect.stringContaining("colour"),
      expect.stringContaining("its folder's is taken"),
    ]);
    await expect(
      readSkill({ name: "here", files: { "SKILL.md": "---\nname: here\n---\n" } }),
    ).rejects.toMatchObject({ message: expect.stringContaining("no description") });
  });

  test.each([
    ["no front matter", "# Hello"],
    ["no end", "---\nname: x"],
    ["line 3", "---\nname: x\n\tdescription: y\n---\n"],
    [
      "refers to itself",
      `---\na: &a [x]\nb: &b [${"*a,".repeat(30)}*a]\nc: [${"*b,".repeat(30)}*b]\n---\n`,
    ],
    ["no list of fields", "---\n- x\n---\n"],
  ])("whose SKILL.md is broken says where: %s", async (where, text) => {
    await expect(readSkill({ name: "x", files: { "SKILL.md": text } })).rejects.toMatchObject({
      code: "SKILL_INVALID",
      message: expect.stringContaining(where),
    });
  });

  test.each([
    "../x.ts",
    "/etc/x",
    "a\\b",
    "scripts/../../x",
    "con.ts",
    "a/b./c",
    "x\u0000",
    "C:x",
    "a//b",
  ])("never holds the path %j", async (path) => {
    const files = { "SKILL.md": "---\nname: x\ndescription: y\n---\n", [path]: "" };

    await expect(readSkill({ name: "x", files })).rejects.toMatchObject({ code: "SKILL_INVALID" });
  });

  test("says of a path that leads out of it how paths are written", async () => {
    const files = { "SKILL.md": "---\nname: x\ndescription: y\n---\n", "scripts/../../x": "" };

    await expect(readSkill({ name: "x", files })).rejects.toMatchObject({
      message: expect.stringContaining('leads out of the skill, or is not plain. Write it as "'),
    });
  });

  test("never holds more than 512 files or 16 MiB, or two paths that differ in case", async () => {
    const md = "---\nname: x\ndescription: y\n---\n";
    const many = Array.from({ length: 512 }, (_, n) => [`assets/${n}`, ""]);

    await expect(
      readSkill({ name: "x", files: { "SKILL.md": md, ...Object.fromEntries(many) } }),
    ).rejects.toMatchObject({ message: expect.stringContaining("513 files") });
    await expect(
      readSkill({
        name: "x",
        files: { "SKILL.md": md, "assets/a": new Uint8Array(16 * 1024 * 1024) },
      }),
    ).rejects.toMatchObject({ message: expect.stringContaining("bytes") });
    await expect(
      readSkill({ name: "x", files: { "SKILL.md": md, "assets/a": "", "assets/A": "" } }),
    ).rejects.toMatchObject({ message: expect.stringContaining("case") });
  });
});
