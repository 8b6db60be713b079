import { isCodemodeError } from "@codemode/core";
import type { Diagnostic } from "@codemode/core";

import { readFrontMatter } from "./front-matter.ts";
import { readScript } from "./read-script.ts";
import type { ReadScript } from "./read-script.ts";
import { skillInvalid } from "./skill-error.ts";
import { oddities, readDocFields, readFields } from "./skill-fields.ts";
import type { ReadFields, StatedFields } from "./skill-fields.ts";
import { readSkillFiles, skillDigest } from "./skill-files.ts";
import { readHooks } from "./skill-hooks.ts";
import { skillIdentifier } from "./skill-name.ts";
import type { Skill, SkillFiles, SkillScript, SkillStatus } from "./skill.ts";

/** A skill as its files say, before a store gives it a version. */
export type ReadSkill = Omit<Skill, "version" | "origin" | "status"> & {
  /** Where the files state one. */
  readonly statedStatus?: SkillStatus;
};

/** A skill to read from its files. */
export interface SkillToRead {
  readonly name: string;
  readonly files: SkillFiles | Readonly<Record<string, string | Uint8Array>>;
}

const MODULE = /\.(?:ts|mts|js|mjs)$/;
const NOT_RUN = /(?:\.d\.m?ts|\.test\.m?[tj]s|\.spec\.m?[tj]s)$/;
const RESOURCE = /^(?:references?|assets|resources)\/|^(?:[A-Z][A-Z0-9_-]*)\.md$/;

/**
 * Reads both forms: a `SKILL.md` with what stands beside it, and a single module. Nothing of it
 * runs. `SKILL_INVALID` says where, and what to do.
 */
export async function readSkill({ name, files: given }: SkillToRead): Promise<ReadSkill> {
  const files = readSkillFiles(name, given);
  return findSkillMd(files) === undefined ? readSingle(name, files) : readFolder(name, files);
}

/** The reference library takes `skill.md` too. */
export function findSkillMd(files: SkillFiles): string | undefined {
  return ["SKILL.md", "skill.md"].find((path) => files.has(path));
}

async function readSingle(name: string, files: SkillFiles): Promise<ReadSkill> {
  const [only, ...others] = files;
  const [path, source] = only ?? [];
  if (path === undefined || typeof source !== "string" || others.length > 0 || !MODULE.test(path)) {
    throw skillInvalid(
      { skill: name },
      "it is neither a folder with SKILL.md nor one module. Give it a SKILL.md with name and description.",
    );
  }
  const read = await readScript({ skill: name, path, source });
  const stated = readDocFields(read.doc);
  return assemble({ name, files, scripts: [read.script], broken: [] }, stated, {
    form: "file",
    body: read.doc.description,
    entry: read.script,
  });
}

async function readFolder(name: string, files: SkillFiles): Promise<ReadSkill> {
  const path = findSkillMd(files) ?? "SKILL.md";
  const text = files.get(path);
  if (typeof text !== "string")
    throw skillInvalid({ skill: name, path }, "it is no text in UTF-8.");
  const { fields: raw, body, repaired } = readFrontMatter(text, { skill: name, path });
  const stated = readFields(raw);
  const { scripts, broken: brokenScripts } = await readScripts(name, files);
  const wanted = stated.fields.metadata["codemode.entry"];
  const entry = findEntry(name, scripts, wanted);
  const lost = wanted !== undefined && !entry ? ["codemode.entry names no script of it."] : [];
  const broken = [...brokenScripts, ...oddities(name, lost, "SKILL_BROKEN")];
  const problems = [
    ...stated.problems,
    ...nameProblems(name, stated.fields),
    ...(repaired ? ["texts with a colon were read as if they were in quotes."] : []),
  ];
  return assemble(
    { name, files, scripts, broken },
    { fields: stated.fields, problems },
    {
      form: "folder",
      body,
      ...(entry ? { entry } : {}),
    },
  );
}

function nameProblems(name: string, { name: stated }: StatedFields): readonly string[] {
  if (stated === undefined) return ["SKILL.md has no name; its folder's is taken."];
  if (stated !== name) return ["the name in SKILL.md is another; its folder's is taken."];
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)
    ? []
    : ["agentskills.io names have lower-case letters and hyphens only; other clients may skip it."];
}

interface ReadParts {
  readonly name: string;
  readonly files: SkillFiles;
  readonly scripts: readonly SkillScript[];
  readonly broken: readonly Diagnostic[];
}

function assemble(
  { name, files, scripts, broken }: ReadParts,
  { fields, problems }: ReadFields,
  shape: Pick<ReadSkill, "form" | "body" | "entry">,
): ReadSkill {
  const { name: _stated, status, hooks, ...rest } = fields;
  if (rest.description === "") throw skillInvalid({ skill: name }, NO_DESCRIPTION[shape.form]);
  const found = readHooks(hooks, { skill: name, files, entry: shape.entry });
  return {
    name,
    identifier: skillIdentifier(name),
    ...rest,
    ...shape,
    ...(shape.entry ? { signature: shape.entry.signature } : {}),
    ...(status ? { statedStatus: status } : {}),
    files,
    scripts,
    resources: [...files.keys()].filter((path) => RESOURCE.test(path) && path !== "SKILL.md"),
    hooks: found.hooks,
    digest: skillDigest(files),
    diagnostics: [
      ...broken,
      ...oddities(name, found.problems, "SKILL_BROKEN"),
      ...oddities(name, problems, "SKILL_ODD"),
    ],
  };
}

const NO_DESCRIPTION = {
  file: "it has no description. Say in a /** doc comment */ what it does and when to use it.",
  folder: "it has no description. Say in SKILL.md, after description:, what it does and when.",
};

/** Modules below `scripts/`; those that cannot be called are told. */
async function readScripts(
  skill: string,
  files: SkillFiles,
): Promise<Pick<ReadParts, "scripts" | "broken">> {
  const wanted = [...files].filter(([path]) => path.startsWith("scripts/") && isModule(path));
  const results = await Promise.all(
    wanted.map(async ([path, source]) =>
      typeof source === "string"
        ? tryScript({ skill, path, source })
        : { code: "SKILL_BROKEN", message: `Skill "${skill}": ${path} is no text in UTF-8.` },
    ),
  );
  return {
    scripts: results.flatMap((result) => ("script" in result ? [result.script] : [])),
    broken: results.flatMap((result) => ("script" in result ? [] : [result])),
  };
}

async function tryScript(script: {
  readonly skill: string;
  readonly path: string;
  readonly source: string;
}): Promise<ReadScript | Diagnostic> {
  try {
    return await readScript(script);
  } catch (error) {
    if (!isCodemodeError(error, "SKILL_INVALID")) throw error;
    return { code: "SKILL_BROKEN", message: error.message };
  }
}

function isModule(path: string): boolean {
  return MODULE.test(path) && !NOT_RUN.test(path);
}

/** The one that is named, or is named as the skill is, or as entries are, or is alone. */
function findEntry(
  name: string,
  scripts: readonly SkillScript[],
  stated: string | undefined,
): SkillScript | undefined {
  if (stated !== undefined) return scripts.find(({ path }) => path === stated);
  const stems = [name, skillIdentifier(name), "run", "main", "index"];
  const byStem = stems.flatMap((stem) =>
    scripts.filter(({ path }) => path.replace(/^scripts\//, "").replace(MODULE, "") === stem),
  );
  return byStem[0] ?? (scripts.length === 1 ? scripts[0] : undefined);
}
