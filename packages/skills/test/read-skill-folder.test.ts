import { describe, expect, test } from "vitest";

import { readSkill } from "../src/read-skill.ts";

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
