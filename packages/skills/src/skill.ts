import type { Diagnostic, JsonSchema } from "@codemode/core";

/** A draft is found only by who asks for drafts; what is archived stays readable, and is not offered. */
export type SkillStatus = "draft" | "active" | "archived";

/**
 * Where a skill came from: the store itself, a read-only folder beside it, or an upstream MCP
 * server. Only what is of the store can be changed.
 */
export type SkillOrigin = "store" | "folder" | `mcp:${string}`;

/** What a list shows of a skill. */
export interface SkillSummary {
  readonly name: string;
  /** The name as programs write it: `batch-process` is `batch_process`. */
  readonly identifier: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly status: SkillStatus;
  /** 1, 2, 3, ... of the store; 1 of what is read only. */
  readonly version: number;
  readonly origin: SkillOrigin;
  /** How the entry is called, as TypeScript. Absent where there is nothing to run. */
  readonly signature?: string;
}

/** A skill as a whole. Its files are the truth; everything else is read from them. */
export interface Skill extends SkillSummary {
  /** `file`: one module. `folder`: a `SKILL.md` with what stands beside it. */
  readonly form: "file" | "folder";
  /** By path inside the skill, with `/`. Text where it is UTF-8. */
  readonly files: SkillFiles;
  /** Instructions in Markdown; of a single file its doc comment. */
  readonly body: string;
  /** What `skills.<identifier>()` runs. Absent where a skill only instructs. */
  readonly entry?: SkillScript;
  /** Every module that can be run, the entry among them, by path. */
  readonly scripts: readonly SkillScript[];
  /** Paths that a model may want to read: `references/`, `assets/`, `resources/`, `REFERENCE.md`, ... */
  readonly resources: readonly string[];
  /** Tools a skill may call while it runs; `undefined`: those of its caller. `fs.*` is a server's all. */
  readonly allowedTools?: readonly string[];
  readonly deniedTools: readonly string[];
  readonly hooks: SkillHooks;
  /** `version` of the front matter, the author's own: `1.0.0`. */
  readonly label?: string;
  readonly author?: string;
  readonly license?: string;
  readonly compatibility?: string;
  /** The model an author would rather have it run with. */
  readonly model?: string;
  readonly context?: "fork" | "inline" | "sandbox";
  /** Whether people are offered it as a command. Default `true`. */
  readonly userInvocable: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  /** `sha256:` of the contents. */
  readonly digest: string;
  /** What is odd about it and stopped nothing. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Files of a skill by path. */
export type SkillFiles = ReadonlyMap<string, string | Uint8Array>;

/** A module of a skill, and the one function of it that is called. */
export interface SkillScript {
  /** Inside the skill: `scripts/extract.ts`. */
  readonly path: string;
  readonly source: string;
  /** `default` where the function has no name to import. */
  readonly exportName: string;
  readonly description: string;
  /** Of the arguments as one object, whichever way the function takes them. */
  readonly parameters: JsonSchema;
  readonly signature: string;
  readonly call: SkillCall;
}

/**
 * How a function takes its arguments: as one object, or one by one in the order of `names`. The
 * last of them may take all that are left.
 */
export type SkillCall =
  | { readonly style: "object" }
  | { readonly style: "positional"; readonly names: readonly string[]; readonly rest: boolean };

/** Functions of the skill that run around its entry, in the sandbox as it does. */
export interface SkillHooks {
  readonly beforeInvoke?: SkillHook;
  readonly afterInvoke?: SkillHook;
  readonly onError?: SkillHook;
}

/** An export of one of the skill's modules. */
export interface SkillHook {
  readonly path: string;
  readonly exportName: string;
}
