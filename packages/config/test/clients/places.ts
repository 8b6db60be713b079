import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { onTestFinished } from "vitest";

import type { ClientName, ClientPlaces } from "../../src/clients/client-files.ts";
import { importServers } from "../../src/clients/import-servers.ts";

/** A home and a project in it, with files whose names begin with `home/`, `project/`. */
export async function makePlaces(
  files: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>> = {},
  platform: NodeJS.Platform = "linux",
): Promise<ClientPlaces> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-clients-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await Promise.all(
    Object.entries({ "home/x": "", "project/x": "", ...files }).map(async ([name, content]) => {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
      await writeFile(path, text.replaceAll("PROJECT", join(folder, "project")));
    }),
  );
  return { cwd: join(folder, "project"), home: join(folder, "home"), platform, env };
}

/** What importing gives, as plain values. */
export async function importAll(places: ClientPlaces, ...clients: readonly ClientName[]) {
  const { servers, files, diagnostics } = await importServers(clients, places);
  return {
    servers: Object.fromEntries(servers),
    files: Object.fromEntries(files),
    told: diagnostics.map(({ message }) => message),
  };
}
