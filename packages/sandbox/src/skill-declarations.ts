/** Skills as a program's editor and a model see them, where there are any. */
export const SKILL_DECLARATIONS = `interface SkillSummary {
  readonly name: string;
  readonly identifier: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly status: "draft" | "active" | "archived";
  readonly version: number;
  readonly origin: string;
  readonly signature?: string;
}

interface SkillRun {
  readonly success: boolean;
  /** What the function gave; what was printed where it gave nothing. */
  readonly output: unknown;
  readonly stdout: string;
  readonly stderr: string;
  readonly execution_ok: boolean;
  readonly execution_error: string | null;
  readonly code_error: { readonly name: string; readonly value: string; readonly traceback: string } | null;
  readonly exit_code: number;
  readonly root_error_code: string | null;
  readonly failure_reason: string | null;
  readonly recovery_hint: string | null;
  readonly error: string | null;
}

/** Every skill as a function: await skills.name({ ... }). */
declare const skills: {
  invoke(name: string, args?: object): Promise<unknown>;
  list(options?: { tags?: string[]; status?: string; limit?: number }): Promise<SkillSummary[]>;
  search(query: string, options?: { limit?: number; tags?: string[] }): Promise<(SkillSummary & { score: number })[]>;
  get(name: string, options?: { version?: number }): Promise<SkillSummary & { source: string | null; parameters: object | null; instructions: string }>;
  load(name: string): Promise<string>;
  create(name: string, source: string, description?: string): Promise<SkillSummary>;
  save(name: string, source: string, description?: string): Promise<SkillSummary>;
  update(name: string, changes: { source?: string; description?: string; tags?: string[]; status?: string }): Promise<SkillSummary>;
  versions(name: string): Promise<{ version: number; createdAt: string; digest: string }[]>;
  rollback(name: string, version: number): Promise<SkillSummary>;
  delete(name: string): Promise<boolean>;
} & { readonly [skill: string]: (...args: unknown[]) => Promise<unknown> };

declare module "generated/skills" {
  export function list_skills(options?: { tags?: string[]; status?: string; limit?: number }): Promise<SkillSummary[]>;
  export function search_skills(options: { query: string; limit?: number }): Promise<SkillSummary[]>;
  export function load_skill(options: { skill_name: string }): Promise<string>;
  export function read_skill_resource(options: { skill_name: string; resource_name: string }): Promise<unknown>;
  export function run_skill(options: { skill_name: string; script_name?: string; args?: object }): Promise<SkillRun>;
}

declare module "skills/*";
`;
