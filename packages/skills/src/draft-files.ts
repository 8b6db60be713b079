import { Document } from "yaml";

import { editDocComment, editParameters, exportFunction } from "./edit-module.ts";
import { formatFrontMatter, readFrontMatter } from "./front-matter.ts";
import { readScript } from "./read-script.ts";
import type { ReadScript } from "./read-script.ts";
import { findSkillMd, readSkill } from "./read-skill.ts";
import type { ReadSkill } from "./read-skill.ts";
import { skillInvalid } from "./skill-error.ts";
import { readSkillFiles } from "./skill-files.ts";
import { checkSkillName, skillIdentifier } from "./skill-name.ts";
import type { SkillDraft, SkillFields } from "./skill-store.ts";
import type { SkillFiles } from "./skill.ts";

/**
 * The skill that a draft makes, fields written into its files, over what there was. `SKILL_INVALID`
 * where anything of it would not work.
 */
export async function draftToSkill(
  draft: SkillDraft,
  before: ReadSkill | undefined,
): Promise<ReadSkill> {
  checkSkillName(draft.name);
  return readWorking(draft.name, await draftToFiles(draft, before));
}

/** The skill that files make as they are. `SKILL_INVALID` as above. */
export async function verbatimSkill({ name, files = {} }: SkillDraft): Promise<ReadSkill> {
  checkSkillName(name);
  return readWorking(name, readSkillFiles(name, files));
}

async function readWorking(name: string, files: SkillFiles): Promise<ReadSkill> {
  const skill = await readSkill({ name, files });
  const broken = skill.diagnostics.find(({ code }) => code === "SKILL_BROKEN");
  if (broken) throw skillInvalid({ skill: name }, afterName(broken.message));
  return skill;
}

function afterName(message: string): string {
  return message.replace(/^Skill "[^"]*"[,:] /, "");
}

async function draftToFiles(draft: SkillDraft, before: ReadSkill | undefined): Promise<SkillFiles> {
  const { name } = draft;
  const files = new Map(startingFiles(draft, before));
  if (draft.source !== undefined) {
    files.set(modulePath(name, files, before), draft.source);
  }
  const [path, module] = [...files][0] ?? [];
  const isFolder = findSkillMd(files) !== undefined;
  if (files.size === 1 && !isFolder && path !== undefined && typeof module === "string") {
    files.set(path, await exportFunction({ skill: name, path, source: module }));
  }
  if (draft.body !== undefined && !isFolder) return toFolder(draft, files);
  if (isFolder) return editFolder(draft, files, before);
  if (path === undefined) {
    throw skillInvalid(
      { skill: name },
      "there is nothing to save. Give it source (TypeScript), body (Markdown) or files.",
    );
  }
  const kept = draft.source === undefined ? undefined : before;
  return new Map([[path, await editModule(draft, path, { source: files.get(path), kept })]]);
}

function startingFiles(draft: SkillDraft, before: ReadSkill | undefined): SkillFiles {
  if (draft.files === undefined) return before?.files ?? new Map();
  const files = readSkillFiles(draft.name, draft.files);
  const [only] = files;
  // A single module is kept under the name of its skill, whatever file it came from.
  const extension = /\.(?:ts|mts|js|mjs)$/.exec(only?.[0] ?? "")?.[0];
  return only && files.size === 1 && extension !== undefined
    ? new Map([[`${draft.name}${extension}`, only[1]]])
    : files;
}

function modulePath(name: string, files: SkillFiles, before: ReadSkill | undefined): string {
  if (findSkillMd(files) !== undefined) {
    return before?.entry?.path ?? `scripts/${skillIdentifier(name)}.ts`;
  }
  return [...files.keys()][0] ?? `${name}.ts`;
}

interface ModuleBefore {
  readonly source: string | Uint8Array | undefined;
  /** What new source that says nothing of it leaves as it was. */
  readonly kept?: ReadSkill | undefined;
}

function keptFields({ doc }: ReadScript, kept: ReadSkill | undefined): SkillFields {
  if (!kept || doc.description !== "") return {};
  const { description, tags } = kept;
  return { description, ...(tags.length === 0 || doc.tags.has("tags") ? {} : { tags }) };
}

async function editModule(
  draft: SkillDraft,
  path: string,
  { source, kept }: ModuleBefore,
): Promise<string | Uint8Array> {
  if (typeof source !== "string") return source ?? "";
  const { name: skill } = draft;
  const read = await readScript({ skill, path, source });
  const documented = editDocComment(read, { ...keptFields(read, kept), ...draft });
  const again =
    documented === source ? read : await readScript({ skill, path, source: documented });
  return editParameters(again, skill, draft.parameters);
}

/** A single file that gets instructions becomes a folder. */
async function toFolder(draft: SkillDraft, files: SkillFiles): Promise<SkillFiles> {
  const { name } = draft;
  const [module] = files;
  const single = module && (await readSkill({ name, files: await described(draft, module) }));
  const document = new Document({ name });
  if (single) setFields(document, withoutEmpty(single));
  setFields(document, draft);
  const folder = new Map<string, string | Uint8Array>([
    ["SKILL.md", formatFrontMatter(document, draft.body ?? "")],
  ]);
  if (module) {
    const path = `scripts/${skillIdentifier(name)}${/\.[a-z]+$/.exec(module[0])?.[0] ?? ".ts"}`;
    folder.set(
      path,
      await editModule({ name, ...parametersOf(draft) }, path, { source: module[1] }),
    );
  }
  return folder;
}

/** The module with the draft's description, without which it cannot be read. */
async function described(
  draft: SkillDraft,
  [path, source]: readonly [string, string | Uint8Array],
): Promise<SkillFiles> {
  return new Map([[path, await editModule(draft, path, { source })]]);
}

function parametersOf({ parameters }: SkillFields): SkillFields {
  return parameters === undefined ? {} : { parameters };
}

async function editFolder(
  draft: SkillDraft,
  files: Map<string, string | Uint8Array>,
  before: ReadSkill | undefined,
): Promise<SkillFiles> {
  const { name } = draft;
  const path = findSkillMd(files) ?? "SKILL.md";
  const text = files.get(path);
  if (typeof text !== "string")
    throw skillInvalid({ skill: name, path }, "it is no text in UTF-8.");
  const { document, fields, body } = readFrontMatter(text, { skill: name, path });
  const changed = [
    draft.description,
    draft.tags,
    draft.allowedTools,
    draft.deniedTools,
    draft.body,
  ];
  if (fields.get("name") !== name || changed.some((field) => field !== undefined)) {
    document.set("name", name);
    setFields(document, draft);
    files.set(path, formatFrontMatter(document, draft.body ?? body));
  }
  if (draft.parameters === undefined) return files;
  const module = before?.entry?.path ?? modulePath(name, files, before);
  files.set(
    module,
    await editModule({ name, ...parametersOf(draft) }, module, { source: files.get(module) }),
  );
  return files;
}

function withoutEmpty({ description, tags, allowedTools, deniedTools }: ReadSkill): SkillFields {
  return {
    description,
    ...(tags.length === 0 ? {} : { tags }),
    ...(allowedTools ? { allowedTools } : {}),
    ...(deniedTools.length === 0 ? {} : { deniedTools }),
  };
}

function setFields(document: Document, fields: Partial<SkillFields>): void {
  const { description, tags, allowedTools, deniedTools } = fields;
  if (description !== undefined) document.set("description", description.trim());
  if (tags !== undefined) document.set("tags", document.createNode([...tags]));
  if (allowedTools !== undefined) document.set("allowed-tools", allowedTools.join(" "));
  if (deniedTools !== undefined) document.set("denied-tools", deniedTools.join(" "));
}
