import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import type { Storage, Store } from "@codemode/storage";

import type { Collection, Digests } from "./collection.ts";
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
    stored: () => digestsOf(store),
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

/** Of all that is stored, page by page. */
async function digestsOf(store: Store): Promise<Digests> {
  const digests = new Map<string, string>();
  let after: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await store.list({ limit: 1000, ...(after === undefined ? {} : { after }) });
    const read = page.entries.map(async ({ key }) => {
      const hash = createHash("sha256").update((await store.get(key))?.value ?? "");
      digests.set(key, `sha256:${hash.digest("hex")}`);
    });
    // oxlint-disable-next-line no-await-in-loop -- a page at once, not all
    await Promise.all(read);
    after = page.next;
  } while (after !== undefined);
  return digests;
}
