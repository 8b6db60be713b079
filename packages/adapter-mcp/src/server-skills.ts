import type { AdapterSkillListing, AdapterSkills, Diagnostic } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { Skill, SkillsClient } from "@modelcontextprotocol/client/ext/skills";

import type { ErrorWords } from "./error-words.ts";
import type { McpClientLike } from "./mcp-options.ts";

/** What asking a server for its skills takes. */
export interface ServerSkillsOptions {
  readonly server: string;
  readonly timeoutMs: number;
  readonly words: ErrorWords;
  readonly ask: <Result>(
    signal: AbortSignal,
    run: (client: McpClientLike) => Promise<Result>,
  ) => Promise<Result>;
}

const READS_AT_ONCE = 4;
// As the extension has them.
const MAX_FILES = 512;
const MAX_BYTES = 16 * 1024 * 1024;

/** The skills of a server by the MCP Skills extension. Clients of the first generation have none. */
export function createServerSkills(options: ServerSkillsOptions): AdapterSkills {
  const { server, timeoutMs: timeout, words, ask } = options;
  let entries: ReadonlyMap<string, Skill> = new Map();
  return {
    list: ({ signal }) =>
      ask(signal, async (client) => {
        const skills = await skillsOf(client);
        if (!skills?.supported) return { skills: [], diagnostics: [] };
        const { skills: listed, invalid } = await skills.list({}, { signal, timeout });
        const read = readEntries(server, listed);
        entries = read.entries;
        const refused = invalid.map(({ uri, reason }) => leftOut(server, uri ?? "?", reason));
        return words.redactor.maskValue(toListing(read.entries, [...refused, ...read.diagnostics]));
      }),
    async read(name, { signal }) {
      const entry = entries.get(name);
      if (!entry) return undefined;
      return ask(signal, async (client) => {
        const skills = await skillsOf(client);
        return skills && readFiles(skills, entry, { signal, timeout });
      });
    },
  };
}

/** The SDK is loaded when it is first used, as everywhere. */
async function skillsOf(client: McpClientLike): Promise<SkillsClient | undefined> {
  const [{ Client }, { SkillsClient }] = await Promise.all([
    import("@modelcontextprotocol/client"),
    import("@modelcontextprotocol/client/ext/skills"),
  ]);
  return client instanceof Client ? new SkillsClient(client, { skipInvalid: true }) : undefined;
}

/** By name; the first of two, and only what has a digest for each file. */
function readEntries(
  server: string,
  listed: readonly Skill[],
): { readonly entries: ReadonlyMap<string, Skill>; readonly diagnostics: readonly Diagnostic[] } {
  const entries = new Map<string, Skill>();
  const diagnostics: Diagnostic[] = [];
  for (const skill of listed) {
    const problem = problemOf(skill, entries);
    if (problem === undefined) entries.set(skill.frontmatter.name, skill);
    else diagnostics.push(leftOut(server, skill.uri, problem));
  }
  return { entries, diagnostics };
}

function problemOf(
  { frontmatter: { name }, resources }: Skill,
  entries: ReadonlyMap<string, Skill>,
): string | undefined {
  if (entries.has(name)) return "another skill of the server has its name";
  if (resources === "dynamic") return "its files have no digests";
  const bytes = resources.reduce((sum, { size }) => sum + size, 0);
  return resources.length > MAX_FILES || bytes > MAX_BYTES
    ? "it is larger than a skill may be"
    : undefined;
}

function toListing(
  entries: ReadonlyMap<string, Skill>,
  diagnostics: readonly Diagnostic[],
): AdapterSkillListing {
  const skills = [...entries.values()].map(({ frontmatter: { name, description } }) => ({
    name,
    description,
  }));
  return { skills, diagnostics };
}

function leftOut(server: string, uri: string, problem: string): Diagnostic {
  const shown = JSON.stringify(uri.slice(0, 200));
  const message = `The skill ${shown} of server "${server}" was left out: ${problem}.`;
  return { code: "SKILL_LEFT_OUT", message };
}

/** Every file, each checked by the SDK against its size and digest. */
async function readFiles(
  skills: SkillsClient,
  entry: Skill,
  options: { readonly signal: AbortSignal; readonly timeout: number },
): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>();
  const root = entry.uri.slice(0, entry.uri.lastIndexOf("/") + 1);
  const left = (entry.resources === "dynamic" ? [] : entry.resources).values();
  const work = async (): Promise<void> => {
    for (const { uri } of left) {
      // oxlint-disable-next-line no-await-in-loop -- a bounded number of these run at once
      const { bytes, verified } = await skills.read(entry, uri, options);
      if (!verified) throw unverified(uri);
      files.set(decodeURIComponent(uri.slice(root.length)), bytes);
    }
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, work));
  return files;
}

function unverified(uri: string): CodemodeError {
  return new CodemodeError(
    "SERVER_PROTOCOL",
    `The file ${JSON.stringify(uri.slice(0, 200))} has no digest to check it by and is not read.`,
  );
}
