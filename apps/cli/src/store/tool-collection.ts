import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import type { Storage } from "@codemode/storage";

import type { Collection } from "./collection.ts";
import { digestFile, listFolder, pathInFolder, writeWhole } from "./folder-files.ts";

const TOOL_FILE = /\.ya?ml$/u;

/** Tool files of a folder, and their copies in a store. */
export function createToolCollection(storage: Storage, folder: string): Collection {
  const store = storage.open("tools");
  return {
    type: "tools",
    async local() {
      const names = (await listFolder(folder)).filter((name) => TOOL_FILE.test(name));
      const digests = names.map(async (name) => digestFile(pathInFolder(folder, name)));
      return new Map(
        (await Promise.all(digests)).map((digest, index) => [names[index] ?? "", digest]),
      );
    },
    async stored() {
      const { entries } = await store.list({ limit: 10_000 });
      const digests = entries.map(async ({ key }): Promise<[string, string]> => {
        const hash = createHash("sha256").update((await store.get(key))?.value ?? "");
        return [key, `sha256:${hash.digest("hex")}`];
      });
      return new Map(await Promise.all(digests));
    },
    async push(names) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      for (const name of names) await store.put(name, await readFile(pathInFolder(folder, name)));
    },
    async pull(names) {
      for (const name of names) {
        const path = pathInFolder(folder, name);
        // oxlint-disable-next-line no-await-in-loop -- one after another
        const stored = await store.get(name);
        // oxlint-disable-next-line no-await-in-loop -- one after another
        if (stored !== undefined) await writeWhole(path, stored.value);
      }
    },
    async remove(names) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      for (const name of names) await store.delete(name);
    },
  };
}
