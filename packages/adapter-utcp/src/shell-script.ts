import type { CliTemplate } from "./call-template-schema.ts";

/** How the commands of a template are run. Placeholders are arguments of whatever runs, never a part of its text. */
export type CommandPlan = {
  /** Arguments of a call in the order in which they are given to the command or script. */
  readonly names: readonly string[];
  /** Those that stand where a command may look for options. */
  readonly exposed: ReadonlySet<string>;
} & (
  | { readonly kind: "direct"; readonly command: string; readonly args: string }
  | { readonly kind: "script"; readonly script: string }
);

type Steps = CliTemplate["commands"];

const PLACEHOLDER = /UTCP_ARG_(.+?)_UTCP_END/g;
// Whatever a shell would do something about.
const SHELL_SYNTAX = /[|&;<>()$`\n\r*?[\]#~{}!\\]/;

/** Reads the commands. Throws a `SyntaxError` whose message goes on after the key's name. */
export function planCommands(steps: Steps): CommandPlan {
  const texts = steps.map(({ command }) => command);
  const all = texts.flatMap((text) => [...text.matchAll(PLACEHOLDER)].map(([, name = ""]) => name));
  const names = [...new Set(all)];
  const exposed = new Set(texts.flatMap(exposedNames));
  const [only = ""] = texts;
  const direct = texts.length === 1 ? planDirect(only, names) : undefined;
  if (direct) return { kind: "direct", names, exposed, ...direct };
  return { kind: "script", names, exposed, script: toScript(steps, names) };
}

/** A single command without any shell syntax needs no shell. */
function planDirect(
  text: string,
  names: readonly string[],
): { readonly command: string; readonly args: string } | undefined {
  if (SHELL_SYNTAX.test(text.replaceAll(PLACEHOLDER, ""))) return undefined;
  const [, command = "", rest = ""] = /^\s*([^\s"'=]+)(?:\s+(.*))?$/s.exec(text) ?? [];
  if (command === "" || command.includes("UTCP_ARG_")) return undefined;
  const args = rest.replaceAll(PLACEHOLDER, (_found, name: string) => `{p${names.indexOf(name)}}`);
  return { command, args };
}

/** Placeholders with which a word of a command begins. */
function exposedNames(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)]
    .filter(({ index }) => /(?:^|[\s;|&(])["']?$/.test(text.slice(0, index)))
    .map(([, name = ""]) => name);
}

/** One shell runs all commands, so that a folder or a variable of one holds for the next. */
function toScript(steps: Steps, names: readonly string[]): string {
  const runs = steps.map(
    ({ command }, index) =>
      `{ ${withParameters(command, names)}\n} >"$UTCP_OUTPUT"\nUTCP_STATUS=$?\nCMD_${index}_OUTPUT=$(cat "$UTCP_OUTPUT")`,
  );
  const last = steps.length - 1;
  const prints = steps.flatMap(({ append_to_final_output: isShown }, index) =>
    (isShown ?? index === last) ? [`printf '%s\\n' "$CMD_${index}_OUTPUT"`] : [],
  );
  const start = `UTCP_OUTPUT=$(mktemp) || exit 1\ntrap 'rm -f "$UTCP_OUTPUT"' EXIT`;
  return [start, ...runs, ...prints, 'exit "$UTCP_STATUS"'].join("\n");
}

type Context = "plain" | "double" | "single";

/** Replaces placeholders by the shell's own parameters, each in quotes: a value is one word and never code. */
function withParameters(command: string, names: readonly string[]): string {
  // A shell computes what stands in there, and a value could hold a command.
  if (/\(\(|\blet\s|`/.test(command) && command.includes("UTCP_ARG_"))
    throw new SyntaxError(
      `has an argument in a command with "((", "let" or backquotes, where its value could run as code; use "$(...)" and plain words`,
    );
  let written = "";
  const contexts: Context[] = ["plain"];
  for (let index = 0; index < command.length;) {
    const context = contexts.at(-1) ?? "plain";
    const [found, name] = /^UTCP_ARG_(.+?)_UTCP_END/s.exec(command.slice(index)) ?? [];
    if (found !== undefined && name !== undefined) {
      written += inContext(context, names.indexOf(name) + 1);
      index += found.length;
      continue;
    }
    const piece = nextPiece(command, index, contexts);
    written += piece;
    index += piece.length;
  }
  return written;
}

function inContext(context: Context, position: number): string {
  if (context === "double") return `\${${position}}`;
  return context === "single" ? `'"\${${position}}"'` : `"\${${position}}"`;
}

/** The next character, or two that belong together; keeps track of the quotes around. */
function nextPiece(command: string, index: number, contexts: Context[]): string {
  const context = contexts.at(-1) ?? "plain";
  const character = command.charAt(index);
  if (context === "single") {
    if (character === "'") contexts.pop();
    return character;
  }
  if (character === "\\") return command.slice(index, index + 2);
  if (command.startsWith("$(", index)) {
    contexts.push("plain");
    return "$(";
  }
  if (character === '"') {
    if (context === "double") contexts.pop();
    else contexts.push("double");
  } else if (context === "plain" && character === "'") contexts.push("single");
  else if (context === "plain" && character === "(") contexts.push("plain");
  else if (context === "plain" && character === ")" && contexts.length > 1) contexts.pop();
  return character;
}
