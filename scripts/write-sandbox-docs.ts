// Writes the matrix in docs/sandboxes.md from the conformance suite and what each sandbox promises.
import { readFile, writeFile } from "node:fs/promises";

import { format } from "oxfmt";

import { createDockerSandbox } from "../packages/sandbox-docker/src/index.ts";
import { createIsolatedVmSandbox } from "../packages/sandbox-isolated-vm/src/index.ts";
import { createLocalEvalSandbox } from "../packages/sandbox-local-eval/src/index.ts";
import type { Sandbox, SandboxCapabilities } from "../packages/sandbox/src/index.ts";
import { REQUIREMENTS } from "../packages/sandbox/src/testing/requirements.ts";
import type { Requirement } from "../packages/sandbox/src/testing/requirements/requirement.ts";
import { requires } from "../packages/sandbox/src/testing/requirements/requirement.ts";

// One line a column.
const COLUMNS: Readonly<Record<string, () => Sandbox>> = {
  "`isolated-vm`": () => createIsolatedVmSandbox(),
  "`docker`": () => createDockerSandbox(),
  "`docker`, `node_apis: false`": () => createDockerSandbox({ nodeApis: false }),
  "`local-eval`": () => createLocalEvalSandbox(),
};

const FILE = new URL("../docs/sandboxes.md", import.meta.url);
const START = '<!-- Written by "npm run docs:sandboxes" from the conformance suite. -->';
const END = "<!-- The end of what is written. -->";

const PROMISES: Readonly<Record<keyof SandboxCapabilities, string>> = {
  isolation: "What stands between a program and the host",
  hardKill: "A program that blocks inside a built-in is stopped too",
  memoryLimit: "The memory limit",
  nodeApis: "Node's own modules and globals",
  persistent: "Variables live on between programs",
  network: "Connections of a program's own",
};

/** The text of docs/sandboxes.md. */
export async function sandboxDocs(): Promise<string> {
  const text = await readFile(FILE, "utf8");
  const [before, rest = ""] = text.split(START);
  const [, after] = rest.split(END);
  if (before === undefined || after === undefined)
    throw new Error(`docs/sandboxes.md has not the lines ${START} and ${END}.`);
  const { code } = await format(
    "sandboxes.md",
    `${before}${START}\n\n${await matrix()}\n\n${END}${after}`,
    { printWidth: 100 },
  );
  return code;
}

async function matrix(): Promise<string> {
  const columns = await Promise.all(Object.values(COLUMNS).map(capabilitiesOf));
  const promises = Object.entries(PROMISES).map(([name, meaning]) =>
    [meaning].concat(columns.map((column) => wordOf({ ...column }[name]))),
  );
  const all: readonly (readonly [string, Requirement])[] = Object.entries(REQUIREMENTS);
  const rows = all.map(([id, one]) => ({
    id,
    behavior: one.behavior,
    cells: columns.map((column) => (requires(one, column) ? "yes" : "no")),
  }));
  const toRow = (row: (typeof rows)[number]): readonly string[] => [
    `\`${row.id}\``,
    row.behavior,
    ...row.cells,
  ];
  const differing = rows.filter(({ cells }) => new Set(cells).size > 1);
  const topics = Map.groupBy(rows, ({ id }) => id.slice(0, id.indexOf(".")));
  const lists = [...topics].map(
    ([topic, list]) =>
      `<details>\n<summary>${topic} (${list.length})</summary>\n\n${table(["id", "behaviour"], list.map(toRow))}\n\n</details>`,
  );
  return [
    table(["What it promises"], promises),
    `Where they differ, of ${rows.length} requirements; what is not promised has a requirement of its own, so that a gap is tested too:`,
    table(["id", "behaviour"], differing.map(toRow)),
    "All of them:",
    ...lists,
  ].join("\n\n");
}

async function capabilitiesOf(create: () => Sandbox): Promise<SandboxCapabilities> {
  await using sandbox = create();
  const { capabilities } = sandbox;
  // What is only so on Linux is told where it is.
  return capabilities.isolation === "isolate"
    ? { ...capabilities, memoryLimit: "hard" }
    : capabilities;
}

function wordOf(promise: unknown): string {
  if (promise === true) return "yes";
  return promise === false ? "no" : String(promise);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = [...head, ...Object.keys(COLUMNS)];
  const lines = [names, names.map(() => "---"), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", String.raw`\|`)).join(" | ")} |`)
    .join("\n");
}

if (import.meta.main) await writeFile(FILE, await sandboxDocs());
