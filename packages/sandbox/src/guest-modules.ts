import { isBuiltin } from "node:module";

import { nearestNames } from "@codemode/core";

import type { ExecutionError } from "./execute-result.ts";
import { hostError } from "./execution-error.ts";
import { HELPER_NAMES, HELPERS_SPECIFIER } from "./helpers.ts";
import { plainSpecifier } from "./plain-specifier.ts";
import { prepareModule } from "./prepare-program.ts";
import type { PreparedProgram, ProgramImport } from "./prepared-program.ts";
import { encodeCatalog } from "./protocol.ts";
import type { GuestCatalog, GuestServer } from "./sandbox.ts";

/** A catalog as the line that gives it to a guest. */
export interface CatalogLine {
  readonly catalog: GuestCatalog;
  readonly line: string;
}

/** One catalog serves many guests. */
const lines = new WeakMap<GuestCatalog, Promise<CatalogLine>>();

/** The catalog as guests get it; modules of source are prepared. */
export function toCatalogLine(catalog: GuestCatalog): Promise<CatalogLine> {
  const line = lines.get(catalog) ?? createCatalogLine(catalog);
  lines.set(catalog, line);
  return line;
}

async function createCatalogLine(catalog: GuestCatalog): Promise<CatalogLine> {
  const modules = await Promise.all(
    catalog.modules.map(async ({ specifier, source }) => {
      const prepared = await prepareModule(source);
      // A module that does not parse fails the programs that import it, not all others.
      const script = prepared.ok
        ? prepared.program.script
        : `(async () => { throw new SyntaxError(${JSON.stringify(`${specifier}: ${prepared.failure.message}`)}) })`;
      return { specifier, script };
    }),
  );
  const servers = catalog.servers.map(({ server, identifier, tools }) => ({
    server,
    identifier,
    tools: tools.map(({ identifier: name, tool, path }) =>
      path === undefined ? ([name, tool] as const) : ([name, tool, path] as const),
    ),
  }));
  const features = catalog.features ? { features: catalog.features } : {};
  return { catalog, line: encodeCatalog({ servers, modules, ...features }) };
}

/** What programs can import. */
export interface ImportSources {
  readonly catalog: GuestCatalog;
  /** Node's own modules are there too, and packages and files that only the runner can see. */
  readonly nodeApis: boolean;
}

/** The first static import that leads nowhere, with the nearest name there is. */
export function checkImports(
  program: PreparedProgram,
  source: string,
  sources: ImportSources,
): ExecutionError | undefined {
  for (const found of program.imports) {
    const error = checkImport(found, source, sources);
    if (error) return error;
  }
  return undefined;
}

function checkImport(
  { specifier, position, names }: ProgramImport,
  source: string,
  { catalog, nodeApis }: ImportSources,
): ExecutionError | undefined {
  const name = plainSpecifier(specifier);
  if (name === HELPERS_SPECIFIER) return checkHelpers({ specifier, names }, source);
  if (catalog.modules.some((module) => module.specifier === name)) return undefined;
  if (isSkillModule(name, catalog)) return undefined;
  const server = serverOf(name, catalog);
  if (!server && nodeApis && mayBeThere(specifier)) return undefined;
  if (!server)
    return missing(`There is no module ${quote(specifier)}.`, nearModules(name, catalog), {
      source,
      position,
    });
  for (const asked of names) {
    if (asked.name === "*" || server.tools.some((tool) => isNamed(tool, server, asked.name)))
      continue;
    const named =
      asked.name === "default"
        ? ` Write: import * as ${server.identifier} from ${quote(specifier)}.`
        : "";
    const message = `Module ${quote(specifier)} has no export ${quote(asked.name)}.${named}`;
    const near = nearestNames(
      asked.name,
      server.tools.map((tool) => tool.identifier),
      3,
    );
    return missing(message, near, { source, position: asked.position });
  }
  return undefined;
}

/** Skills are looked for by those who keep them. */
function isSkillModule(name: string, { features }: GuestCatalog): boolean {
  if (features?.includes("skills") !== true) return false;
  return name.startsWith("skills/") || /^generated\/(mcp\/)?skills$/.test(name);
}

function checkHelpers(
  { specifier, names }: Pick<ProgramImport, "specifier" | "names">,
  source: string,
): ExecutionError | undefined {
  const wrong = names.find(({ name }) => name !== "*" && !HELPER_NAMES.some((one) => one === name));
  if (!wrong) return undefined;
  const message = `Module ${quote(specifier)} has no export ${quote(wrong.name)}.`;
  const near = nearestNames(wrong.name, HELPER_NAMES, 3);
  const { position } = wrong;
  return missing(message, near.length > 0 ? near : HELPER_NAMES, { source, position });
}

/** Where Node's modules are there: whether only the runner can say that a module is missing. */
function mayBeThere(specifier: string): boolean {
  return (
    isBuiltin(specifier) ||
    !/^(node:|(\.\/|@\/|\/)?(?:generated\/(servers|mcp)|codemode)\/)/.test(specifier)
  );
}

function missing(
  message: string,
  near: readonly string[],
  { source, position }: { readonly source: string; readonly position: ProgramImport["position"] },
): ExecutionError {
  const [first] = near;
  const hint = first === undefined ? "" : ` Did you mean ${quote(first)}?`;
  const error = hostError({ code: "IMPORT_NOT_FOUND", message: message + hint }, source, position);
  return { ...error, details: { suggestions: near } };
}

function nearModules(name: string, catalog: GuestCatalog): readonly string[] {
  const all = [
    ...catalog.servers.map((server) => `generated/servers/${server.identifier}`),
    ...catalog.modules.map((module) => module.specifier),
    HELPERS_SPECIFIER,
  ];
  // By the last part: models get the folder wrong more often than the server.
  const byTail = nearestNames(name.split("/").at(-1) ?? name, all.map(tail));
  const [nearest] = byTail;
  return nearest === undefined
    ? nearestNames(name, all)
    : all.filter((one) => tail(one) === nearest);
}

function tail(specifier: string): string {
  return specifier.split("/").at(-1) ?? specifier;
}

function serverOf(name: string, catalog: GuestCatalog): GuestServer | undefined {
  const asked = /^generated\/(?:servers|mcp)\/(.+)$/.exec(name)?.[1];
  return catalog.servers.find(({ server, identifier }) => asked === identifier || asked === server);
}

function isNamed(tool: GuestServer["tools"][number], server: GuestServer, name: string): boolean {
  return (
    tool.identifier === name ||
    tool.path?.startsWith(`${name}.`) === true ||
    tool.tool === `${server.server}.${name}`
  );
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
