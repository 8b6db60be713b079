import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { isRecord } from "@codemode/core";
import { parse } from "jsonc-parser";

import type { ClientFile, ClientPlaces } from "./client-files.ts";
import { clientFiles } from "./client-files.ts";

/** Whether a person switched off the server of this name in this file. */
export type IsRefused = (name: string, file: ClientFile) => boolean;

/** What a person switched off in Claude Code: servers of any file, and those of `.mcp.json` that were not agreed to. */
export async function readRefusals(places: ClientPlaces): Promise<IsRefused> {
  const own = clientFiles("claude-code", places).find(({ scope }) => scope === "user");
  if (!own) return () => false;
  const [state, ...settings] = await Promise.all([
    readJson(own.path),
    readJson(
      join(places.env["CLAUDE_CONFIG_DIR"] || join(places.home, ".claude"), "settings.json"),
    ),
    readJson(join(places.cwd, ".claude/settings.json")),
    readJson(join(places.cwd, ".claude/settings.local.json")),
  ]);
  const projects = isRecord(state["projects"]) ? state["projects"] : {};
  const project = projects[places.cwd];
  const choices = isRecord(project) ? project : {};
  const everywhere = new Set(namesAt(choices, "disabledMcpServers"));
  const ofProject = new Set(
    [choices, ...settings].flatMap((one) => namesAt(one, "disabledMcpjsonServers")),
  );
  return (name, { scope }) => everywhere.has(name) || (scope === "project" && ofProject.has(name));
}

/** A file that is not there, or is broken, refuses nothing: what is wrong with it is told elsewhere. */
async function readJson(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = parse(await readFile(path, "utf8"));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function namesAt(value: Readonly<Record<string, unknown>>, key: string): readonly unknown[] {
  const names = value[key];
  return Array.isArray(names) ? names : [];
}
