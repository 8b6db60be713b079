import { basename, sep } from "node:path";

import type { ClientName, ClientPlaces } from "./client-files.ts";

/** What a client's own variables stand for. */
export interface TextContext extends ClientPlaces {
  /** What the editors' folders become, in our syntax. */
  readonly folders: Folders;
  readonly client: ClientName;
  /** Text of a file that a text names, or nothing where it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
  /** What a person who is asked for a value is offered first, by the question's id. */
  readonly inputDefaults: ReadonlyMap<string, string>;
  /** Told the variables that a person was asked for. */
  readonly onInput: (variable: string, id: string) => void;
  /** Told a variable whose value its client alone knows: `${config:python.path}`. */
  readonly onUnknown: (variable: string) => void;
}

/** A text with its variables written our way: `${NAME}`, `${NAME:-default}`, and `$${` for a plain `${`. */
export function toOwnText(text: string, context: TextContext): string {
  return READERS[context.client](text, context);
}

type TextReader = (text: string, context: TextContext) => string;

/** Our own syntax in a text that has no variables is text. */
export function plainText(text: string): string {
  return text.replaceAll("${", "$$${");
}

/** `pattern` finds variables; what is between them is plain. */
function replaceVariables(
  text: string,
  pattern: RegExp,
  toOwn: (match: RegExpExecArray) => string | undefined,
): string {
  let own = "";
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    own += plainText(text.slice(end, match.index)) + (toOwn(match) ?? plainText(match[0]));
    end = match.index + match[0].length;
  }
  return own + plainText(text.slice(end));
}

/** `${VAR}` and `${VAR:-default}`. A default cannot hold what ends it. */
const shellStyle: TextReader = (text) =>
  replaceVariables(text, /\$\{[A-Za-z_]\w*(?::-[^}]*)?\}/g, ([whole]) => whole);

/** `$VAR` and `${VAR}`. */
const dollarStyle: TextReader = (text) =>
  replaceVariables(
    text,
    /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$([A-Za-z_]\w*)/g,
    ([whole, braced, , bare]) => (braced === undefined ? `\${${bare ?? ""}}` : whole),
  );

/** `${env:NAME}`, which is empty where it is not set, folders, and what a person was asked for. */
const editorStyle: TextReader = (text, context) =>
  replaceVariables(text, /\$\{(env:|input:|config:|command:)?([^}]*)\}/g, (match) => {
    const [whole, kind, name = ""] = match;
    if (kind === "env:") return isVariable(name) ? `\${${name}:-}` : undefined;
    if (kind === "input:") {
      const variable = toVariable(name);
      const otherwise = context.inputDefaults.get(name);
      context.onInput(variable, name);
      return `\${${variable}${otherwise === undefined ? "" : `:-${otherwise}`}}`;
    }
    if (kind !== undefined) context.onUnknown(whole);
    return context.folders[name];
  });

/** Editors' variables that stand for folders, by name. */
export type Folders = Readonly<Record<string, string | undefined>>;

/** The folders as they are. */
export function placesToFolders({ cwd, home }: ClientPlaces): Folders {
  return {
    workspaceFolder: plainText(cwd),
    workspaceFolderBasename: plainText(basename(cwd)),
    userHome: plainText(home),
    pathSeparator: sep,
    "/": sep,
  };
}

/** The folders as a file has them that others use too: without what is of this machine alone. */
export function placesToSharedFolders(places: ClientPlaces): Folders {
  const userHome = places.platform === "win32" ? "${USERPROFILE}" : "${HOME}";
  return { ...placesToFolders(places), workspaceFolder: ".", userHome };
}

/** `{env:VAR}`, which is empty where it is not set, and `{file:path}`. */
const opencodeStyle: TextReader = (text, context) =>
  replaceVariables(text, /\{(env|file):([^}]+)\}/g, ([, kind, name = ""]) => {
    if (kind === "env") return isVariable(name) ? `\${${name}:-}` : undefined;
    const read = context.readFile(name);
    return read === undefined ? undefined : plainText(read.trim());
  });

const mcporterStyle: TextReader = (text, context) => {
  const [, direct] = /^\$env:([A-Za-z_]\w*)$/.exec(text) ?? [];
  return direct === undefined ? shellStyle(text, context) : `\${${direct}}`;
};

const READERS: Readonly<Record<ClientName, TextReader>> = {
  "claude-code": shellStyle,
  "claude-desktop": plainText,
  cursor: editorStyle,
  vscode: editorStyle,
  codex: plainText,
  gemini: dollarStyle,
  opencode: opencodeStyle,
  windsurf: editorStyle,
  mcporter: mcporterStyle,
};

function isVariable(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}

/** A name as environment variables have it. */
export function toVariable(text: string): string {
  const name = text
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  return /^[A-Z]/.test(name) ? name : `MCP_${name}`;
}
