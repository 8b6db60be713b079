import { readFile, realpath, writeFile } from "node:fs/promises";
import { join, sep } from "node:path";

import { CodemodeError, isRecord } from "@codemode/core";
import { makeFolder } from "@codemode/core/node";
import type { InstalledDep, RuntimeDeps } from "@codemode/session";

import { withFolderLock } from "./folder-lock.ts";
import { checkPackageName, parsePackageSpec } from "./package-spec.ts";
import { runNpm } from "./run-npm.ts";

/** Where packages are installed. */
export interface WorkspaceDepsOptions {
  /** The workspace; made where it is not there. */
  readonly folder: string;
  /** For one installation. Default 120 000. */
  readonly timeoutMs?: number;
}

/** Packages in the workspace's own `node_modules`, installed with npm on the host, without their scripts. */
export function createWorkspaceDeps({
  folder,
  timeoutMs = 120_000,
}: WorkspaceDepsOptions): RuntimeDeps {
  const npm = (args: readonly string[], signal: AbortSignal): Promise<void> =>
    runNpm(args, { folder, timeoutMs, signal });
  const locked = async <Result>(
    signal: AbortSignal,
    run: () => Promise<Result>,
  ): Promise<Result> => {
    await makeFolder(folder);
    return withFolderLock({ folder, signal, timeoutMs }, async () => {
      await makeManifest(folder);
      return run();
    });
  };
  return {
    async add(spec, { signal }) {
      const wanted = parsePackageSpec(spec);
      return locked(signal, async () => {
        const before = await readWanted(folder);
        if (wanted.type === "file") await checkInside(folder, wanted.path);
        await npm(["install", "--", wanted.type === "file" ? wanted.path : wanted.text], signal);
        const after = await readWanted(folder);
        const name = wanted.type === "file" ? changedName(before, after) : wanted.name;
        return installed(folder, name ?? "");
      });
    },
    list: () => listInstalled(folder),
    async remove(name, { signal }) {
      checkPackageName(name);
      return locked(signal, async () => {
        if (!(await readWanted(folder)).has(name)) return false;
        await npm(["uninstall", "--", name], signal);
        return true;
      });
    },
    async sync({ signal }) {
      return locked(signal, async () => {
        await npm(["install"], signal);
        return listInstalled(folder);
      });
    },
  };
}

/** Without one, npm would look for a project further up. */
async function makeManifest(folder: string): Promise<void> {
  try {
    const manifest = `${JSON.stringify({ private: true }, null, 2)}\n`;
    await writeFile(join(folder, "package.json"), manifest, { flag: "wx" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return;
    throw error;
  }
}

/** Name and range of what was added. */
async function readWanted(folder: string): Promise<ReadonlyMap<string, unknown>> {
  const dependencies = (await readJson(join(folder, "package.json")))?.["dependencies"];
  return new Map(Object.entries(isRecord(dependencies) ? dependencies : {}));
}

function changedName(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): string | undefined {
  const names = [...after.keys()];
  return names.find((name) => before.get(name) !== after.get(name)) ?? names.at(-1);
}

async function listInstalled(folder: string): Promise<readonly InstalledDep[]> {
  const names = [...(await readWanted(folder)).keys()];
  const found = await Promise.all(names.map((name) => readInstalled(folder, name)));
  return found.filter((one) => one !== undefined);
}

async function installed(folder: string, name: string): Promise<InstalledDep> {
  const found = await readInstalled(folder, name);
  if (found) return found;
  throw new CodemodeError(
    "DEPS_FAILED",
    `npm ended well, but ${JSON.stringify(name)} is not there.`,
  );
}

async function readInstalled(folder: string, name: string): Promise<InstalledDep | undefined> {
  const version = (await readJson(join(folder, "node_modules", name, "package.json")))?.["version"];
  return typeof version === "string" ? { name, version } : undefined;
}

async function readJson(file: string): Promise<Record<string, unknown> | undefined> {
  // What cannot be read is not installed; the system's own words would name a place of the host.
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  return isRecord(value) ? value : undefined;
}

/** Also of what a link in the workspace leads to. */
async function checkInside(folder: string, path: string): Promise<void> {
  const root = await realpath(folder);
  // However it fails, there is none to be had; the system's own words would name a place of the host.
  const found = await realpath(join(folder, path)).catch(() => undefined);
  if (found?.startsWith(`${root}${sep}`) === true) return;
  const message = `There is no archive ${JSON.stringify(path)} in the workspace.`;
  throw new CodemodeError("INVALID_ARGUMENTS", message);
}
