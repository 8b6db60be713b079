import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** Where the servers work. */
export interface Places {
  /** The folder whose files they may read and write. */
  readonly folder: string;
  /** Stands in for the web services behind three of them. */
  readonly backend: string;
}

/** One entry of `mcpServers`. */
interface ServerEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * Eight real servers, as a config file names them. Tokens are variables, as they
 * should be in a file: the config fills them in.
 */
export function serverConfig({ folder, backend }: Places): Readonly<Record<string, ServerEntry>> {
  const start = (name: string, file: string, ...args: readonly string[]): ServerEntry => ({
    command: process.execPath,
    args: [join(packageFolder(name), file), ...args],
    cwd: folder,
  });
  const reference = (name: string, ...args: readonly string[]): ServerEntry =>
    start(`@modelcontextprotocol/server-${name}`, "dist/index.js", ...args);
  return {
    everything: reference("everything"),
    filesystem: reference("filesystem", folder),
    memory: { ...reference("memory"), env: { MEMORY_FILE_PATH: join(folder, "memory.jsonl") } },
    "sequential-thinking": reference("sequential-thinking"),
    git: {
      ...start("@cyanheads/git-mcp-server", "dist/index.js"),
      env: {
        GIT_BASE_DIR: folder,
        GIT_SIGN_COMMITS: "false",
        GIT_AUTHOR_NAME: "Example",
        GIT_AUTHOR_EMAIL: "example@example.org",
        // Git refuses to commit on a machine that knows nobody's name.
        GIT_COMMITTER_NAME: "Example",
        GIT_COMMITTER_EMAIL: "example@example.org",
        LOGS_DIR: join(folder, "logs"),
      },
    },
    gitlab: {
      ...reference("gitlab"),
      env: {
        GITLAB_PERSONAL_ACCESS_TOKEN: "${GITLAB_TOKEN}",
        GITLAB_API_URL: `${backend}/gitlab`,
      },
    },
    notion: {
      ...start("@notionhq/notion-mcp-server", "bin/cli.mjs"),
      env: { NOTION_TOKEN: "${NOTION_TOKEN}", BASE_URL: `${backend}/notion` },
    },
    chart: {
      ...start("@antv/mcp-server-chart", "build/index.js"),
      env: { VIS_REQUEST_SERVER: `${backend}/chart` },
    },
  };
}

/** The folder of an installed package, whether it exports its manifest or not. */
function packageFolder(name: string): string {
  const roots = require.resolve.paths(name) ?? [];
  const found = roots
    .map((root) => join(root, name, "package.json"))
    .find((manifest) => existsSync(manifest));
  if (found === undefined) throw new Error(`"${name}" is not installed. Run \`npm install\`.`);
  return dirname(found);
}
