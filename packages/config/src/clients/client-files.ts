import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The MCP clients whose servers can be taken over. */
export const CLIENT_NAMES = [
  "claude-code",
  "claude-desktop",
  "cursor",
  "vscode",
  "codex",
  "gemini",
  "opencode",
  "windsurf",
  "mcporter",
] as const;

/** One of them. */
export type ClientName = (typeof CLIENT_NAMES)[number];

/** Where a client's files are looked for. */
export interface ClientPlaces {
  /** The project's folder. */
  readonly cwd: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where a process finds the files of clients. */
export function placesOf(
  cwd: string = process.cwd(),
  env: ClientPlaces["env"] = process.env,
): ClientPlaces {
  const home = env["HOME"] || env["USERPROFILE"] || homedir();
  return { cwd: resolve(cwd), home, platform: process.platform, env };
}

/** A file that may be there. */
export interface ClientFile {
  readonly path: string;
  /** For people: `.cursor/mcp.json`, `~/.cursor/mcp.json`. Never an absolute path. */
  readonly label: string;
  readonly scope: "project" | "user";
  /** Where in it servers stand, the first path first: `["mcpServers"]`. */
  readonly sections: readonly (readonly string[])[];
}

/** Folders, by what they are called in labels. */
interface Roots {
  readonly project: (path: string) => Omit<ClientFile, "sections">;
  readonly home: (path: string) => Omit<ClientFile, "sections">;
  /** Settings of programs: each system has its own folder for them. */
  readonly settings: (path: string) => Omit<ClientFile, "sections">;
  /** `~/.config`, on every system. */
  readonly xdg: (path: string) => Omit<ClientFile, "sections">;
  /** A file or folder that a variable names. */
  readonly named: (
    variable: string,
    path: string,
    otherwise: Omit<ClientFile, "sections">,
  ) => Omit<ClientFile, "sections">;
}

type FilesOf = (roots: Roots, places: ClientPlaces) => readonly ClientFile[];

const MCP_SERVERS: readonly (readonly string[])[] = [["mcpServers"]];

const FILES: Readonly<Record<ClientName, FilesOf>> = {
  "claude-code": ({ project, home, named }, { cwd }) => {
    const own = named("CLAUDE_CONFIG_DIR", ".claude.json", home(".claude.json"));
    return [
      // Servers that a person added for this project alone come before those that everybody has.
      { ...own, sections: [["projects", cwd, "mcpServers"]] },
      { ...project(".mcp.json"), sections: MCP_SERVERS },
      { ...own, sections: MCP_SERVERS },
    ];
  },
  "claude-desktop": ({ settings }) => [
    { ...settings("Claude/claude_desktop_config.json"), sections: MCP_SERVERS },
  ],
  cursor: ({ project, home }) => [
    { ...project(".cursor/mcp.json"), sections: MCP_SERVERS },
    { ...home(".cursor/mcp.json"), sections: MCP_SERVERS },
  ],
  vscode: ({ project, home, settings, named }) => [
    { ...project(".vscode/mcp.json"), sections: [["servers"]] },
    { ...project(".mcp.json"), sections: MCP_SERVERS },
    { ...settings("Code/User/mcp.json"), sections: [["servers"]] },
    {
      ...named("COPILOT_HOME", "mcp-config.json", home(".copilot/mcp-config.json")),
      sections: MCP_SERVERS,
    },
  ],
  codex: ({ project, home, named }) => {
    const sections = [["mcp_servers"]];
    const own = named("CODEX_HOME", "config.toml", home(".codex/config.toml"));
    return [
      { ...project(".codex/config.toml"), sections },
      { ...own, sections },
    ];
  },
  gemini: ({ project, home }) => [
    { ...project(".gemini/settings.json"), sections: MCP_SERVERS },
    { ...home(".gemini/settings.json"), sections: MCP_SERVERS },
  ],
  opencode: ({ project, xdg }) =>
    [
      project("opencode.jsonc"),
      project("opencode.json"),
      xdg("opencode/opencode.jsonc"),
      xdg("opencode/opencode.json"),
    ].map((file) => Object.assign(file, { sections: [["mcp"]] })),
  windsurf: ({ home }) => [{ ...home(".codeium/windsurf/mcp_config.json"), sections: MCP_SERVERS }],
  mcporter: ({ project, home }) =>
    [
      project("config/mcporter.json"),
      project("config/mcporter.jsonc"),
      home(".mcporter/mcporter.json"),
      home(".mcporter/mcporter.jsonc"),
    ].map((file) => Object.assign(file, { sections: MCP_SERVERS })),
};

/** A client's files, the one that wins first. */
export function clientFiles(client: ClientName, places: ClientPlaces): readonly ClientFile[] {
  return FILES[client](rootsOf(places), places);
}

type InFolder = (path: string) => Omit<ClientFile, "sections">;

function inFolder(folder: string, label: string, scope: ClientFile["scope"] = "user"): InFolder {
  return (path) => ({ path: join(folder, path), label: `${label}${path}`, scope });
}

function rootsOf({ cwd, home, platform, env }: ClientPlaces): Roots {
  const xdgFolder = env["XDG_CONFIG_HOME"];
  const xdg = xdgFolder
    ? inFolder(xdgFolder, "$XDG_CONFIG_HOME/")
    : inFolder(join(home, ".config"), "~/.config/");
  const settings = {
    darwin: inFolder(join(home, "Library/Application Support"), "~/Library/Application Support/"),
    win32: inFolder(env["APPDATA"] ?? join(home, "AppData/Roaming"), "%APPDATA%/"),
    other: xdg,
  };
  return {
    project: inFolder(cwd, "", "project"),
    home: inFolder(home, "~/"),
    xdg,
    settings: settings[platform === "darwin" || platform === "win32" ? platform : "other"],
    named(variable, path, otherwise) {
      const folder = env[variable];
      return folder ? inFolder(folder, `$${variable}/`)(path) : otherwise;
    },
  };
}
