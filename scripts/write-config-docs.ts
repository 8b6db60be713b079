// Writes docs/configuration.md from the schemas that read the config file.
import { writeFile } from "node:fs/promises";

import { format } from "oxfmt";

import { CONFIG_FILES, configSchema } from "../packages/config/src/index.ts";
import { FOREIGN_KEYS } from "../packages/config/src/mcp-server-schema.ts";
import { CONFIG_EXAMPLE } from "./config-example.ts";

/** What is read of the JSON Schema of a key. */
interface KeySchema {
  readonly type?: unknown;
  readonly format?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly anyOf?: readonly KeySchema[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: number | boolean | undefined;
  readonly properties?: Readonly<Record<string, KeySchema | boolean>> | undefined;
  readonly items?: unknown;
  readonly additionalProperties?: KeySchema | boolean | undefined;
}

const FILE = new URL("../docs/configuration.md", import.meta.url);

/** The text of docs/configuration.md. */
export async function configDocs(): Promise<string> {
  const schema: KeySchema = configSchema.toJSONSchema({ io: "input" });
  const limits = keysOf(schema)["limits"] ?? {};
  const pool = keysOf(schema)["pool"] ?? {};
  const http = keysOf(schema)["http"] ?? {};
  const docker = keysOf(schema)["docker"] ?? {};
  const storage = keysOf(schema)["storage"] ?? {};
  const artifacts = keysOf(schema)["artifacts"] ?? {};
  const servers = keysOf(schema)["mcpServers"]?.additionalProperties;
  const services = keysOf(schema)["openapi"]?.additionalProperties;
  const text = [
    INTRODUCTION,
    `\n## Keys\n\n${table(keysOf(schema), configSchema.parse({}))}`,
    `\n## Pool\n\n${POOL}\n\n${table(keysOf(pool))}`,
    `\n## HTTP\n\n${HTTP}\n\n${table(keysOf(http))}`,
    `\n## Docker\n\n${DOCKER}\n\n${table(keysOf(docker))}`,
    `\n## Limits\n\n${LIMITS}\n\n${table(keysOf(limits))}`,
    `\n## Servers\n\n${SERVERS}\n\n${table(keysOf(typeof servers === "object" ? servers : {}))}`,
    `\n${foreignKeys()}`,
    `\n## Services\n\n${SERVICES}\n\n${table(keysOf(typeof services === "object" ? services : {}))}`,
    `\n## Storage\n\n${STORAGE}\n\n${table(keysOf(storage))}`,
    `\n## Artifacts\n\n${ARTIFACTS}\n\n${table(keysOf(artifacts))}`,
    `\n## Imports\n\n${IMPORTS}`,
    `\n## Identity\n\n${IDENTITY}`,
    `\n${VARIABLES}`,
    `\n## Example\n\nAll keys but \`$schema\`, in JSONC:\n\n\`\`\`jsonc\n${CONFIG_EXAMPLE}\`\`\``,
  ];
  // The width of .oxfmtrc.json; the format check tells where they differ.
  const { code } = await format("configuration.md", text.join("\n"), { printWidth: 100 });
  return code;
}

const INTRODUCTION = `# Configuration

<!-- Written by "npm run docs:config" from the schemas in packages/config. Change those, not this. -->

One file says which servers there are and what programs may use. Without it the defaults hold.

## Where it is looked for

The first of these that is given:

1. \`--config <file>\`, or \`configPath\` in code.
2. The variable \`CODEMODE_CONFIG\`.
3. In the current folder, the first of ${CONFIG_FILES.map((name) => `\`${name}\``).join(", ")}.

A file that is named and is not there is an error (\`CONFIG_NOT_FOUND\`). JSON may have comments and
trailing commas. What is wrong in a file is told all at once, with file, line and key
(\`CONFIG_INVALID\`); unknown keys are errors, with the nearest name. An empty file gives the defaults.`;

const POOL =
  "Keys of `pool`: how many sandboxes there are at once, and for how long. Where all run a program, the " +
  "next one waits, then it is `SESSION_LIMIT`; one that is idle ends to make room. The handle of a " +
  "session that has ended is `SESSION_LOST`, which says why.";

const HTTP =
  "Keys of `http`, for `codemode serve --http` and `codemode-mcp-server --http`: the endpoint speaks " +
  "Streamable HTTP of both eras of MCP. A server that other machines can reach does not start without a " +
  "`token`, and none with a sandbox that is no security boundary. TLS is a reverse proxy's; `/healthz` answers 204 to anybody.";

const DOCKER =
  "Keys of `docker`, for `sandbox_variant` `docker`. What a container may do is in " +
  "[Sandboxes](sandboxes.md#docker).";

const LIMITS =
  "Keys of `limits`: what one execution may use. Over a time or a size it is an error with a code " +
  "that says what to do; only logs are cut, with a warning. The time of a whole program is " +
  "`default_timeout`.";

const SERVERS =
  "Keys of one entry of `mcpServers`, whose name is the server's name in the catalog. An entry has " +
  "exactly one of `command` (a process is started) and `url` (a server is reached). Entries can be " +
  "pasted from other MCP clients. A server that fails stops no other.";

const IMPORTS =
  "`imports` names MCP clients whose servers are used as well: they are read from the clients' own " +
  "files at every start, with the clients' own variables. The files, and what is made of them: " +
  "[Clients](clients.md).";

const SERVICES =
  "Keys of one entry of `openapi`, whose name is the server's name in the catalog. Every operation of the " +
  "document that is included is a tool. What a tool looks like, and where requests may go, is in " +
  "[@codemode/adapter-openapi](../packages/adapter-openapi/README.md).";

const STORAGE =
  "Keys of `storage`. Nothing is connected or created before something is kept there. Which one is for " +
  "what, and what it looks like inside: [Storage](storage.md).";

const ARTIFACTS =
  "Keys of `artifacts`: data that programs keep for later sessions. How they are saved and loaded: " +
  "[Artifacts](artifacts.md).";

const IDENTITY =
  "`GITHUB_TOKEN`, `GITLAB_TOKEN`, `GOOGLE_ACCESS_TOKEN`, `AZURE_ACCESS_TOKEN` and the variables in " +
  "`identity_env` are handed, where they are set, to every server and command that is started as a " +
  "process; what its own `env` says wins. No sandbox gets them, and their values are taken out of every " +
  "answer and error of a tool (`[secret]`). `false` hands out none: then name what a server needs in its " +
  '`env`, as in `{ "GITHUB_TOKEN": "${GITHUB_TOKEN}" }`.';

const VARIABLES = `## Variables

Every text value may name variables of the environment; keys are left alone.

| written           | gives                                                                  |
| --- | --- |
| \`\${NAME}\`          | The variable's value. Where it is not set: an error (\`VARIABLE_UNSET\`) |
| \`\${NAME:-default}\` | Its value; \`default\` where it is not set or empty                      |
| \`$\${NAME}\`         | The text \`\${NAME}\` as it stands                                        |`;

function foreignKeys(): string {
  const keys = [...FOREIGN_KEYS].toSorted().map((key) => `\`${key}\``);
  return `These keys of other clients mean nothing here; they are ignored with a note: ${keys.join(", ")}.`;
}

function keysOf({ properties = {} }: KeySchema): Readonly<Record<string, KeySchema>> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [
      key,
      typeof schema === "object" ? schema : {},
    ]),
  );
}

function table(
  keys: Readonly<Record<string, KeySchema>>,
  defaults: Readonly<Record<string, unknown>> = {},
): string {
  const rows = Object.entries(keys).map(([key, schema]) => {
    // A default that depends on something stands in words at the description's end.
    const [meaning = "", words] = (schema.description ?? "").split(/\. Default: /);
    // The keys of an object have defaults of their own.
    const value = schema.properties ? {} : (defaults[key] ?? schema.default);
    const otherwise = words ?? (value === undefined ? "none" : `\`${JSON.stringify(value)}\``);
    return [`\`${key}\``, typeOf(schema), otherwise, meaning].map(toCell);
  });
  const lines = [["key", "type", "default", "meaning"], ["---", "---", "---", "---"], ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function toCell(text: string): string {
  return text.replaceAll("|", String.raw`\|`).replaceAll("\n", " ");
}

function typeOf(schema: KeySchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(" or ");
  if (schema.format === "uri") return "http(s) URL";
  if (schema.type === "array") return `list of ${holdsObjects(schema) ? "objects" : "texts"}`;
  if (schema.type === "string") return "text";
  if (schema.type === "object") return objectType(schema);
  if (schema.type === "boolean") return "`true` or `false`";
  const name = schema.type === "integer" ? "whole number" : "number";
  return `${name}${rangeOf(schema)}`;
}

function holdsObjects({ items }: KeySchema): boolean {
  return typeof items === "object" && items !== null && "properties" in items;
}

function objectType({ properties, additionalProperties }: KeySchema): string {
  if (properties && "allow" in properties) return "an object with `allow`, a list of texts";
  if (properties && "ca_file" in properties) return "object";
  if (properties) return `object, [see below](#${sectionOf(properties)})`;
  const values = typeof additionalProperties === "object" ? additionalProperties : {};
  if (values.anyOf) return "texts or objects by name";
  if (values.type === "string") return "texts by name";
  return `objects by name, ${linkOf(values.properties ?? {})}`;
}

function linkOf(entry: object): string {
  if ("parse_json" in entry) return "[Tool files](tool-files.md)";
  return "spec" in entry ? "[see below](#services)" : "[see below](#servers)";
}

function sectionOf(properties: object): string {
  if ("max_runners" in properties) return "pool";
  if ("allow_unsafe_sandbox" in properties) return "http";
  if ("prefix" in properties) return "storage";
  if ("quota_bytes" in properties) return "artifacts";
  return "base_image" in properties ? "docker" : "limits";
}

function rangeOf({ minimum, maximum, exclusiveMinimum }: KeySchema): string {
  const upTo = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (minimum !== undefined && upTo !== undefined) return ` from ${minimum} to ${upTo}`;
  if (minimum !== undefined) return `, at least ${minimum}`;
  return exclusiveMinimum === undefined ? "" : ` above ${exclusiveMinimum}`;
}

if (import.meta.main) await writeFile(FILE, await configDocs());
