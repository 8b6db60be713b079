import { createReadStream } from "node:fs";

import type { ArtifactEntry, ArtifactStore } from "@codemode/storage";

import { mediaTypeOf } from "../media-type.ts";
import { addNotes, readNotes, withNotes } from "./artifact-notes.ts";
import type { Collection, Digests } from "./collection.ts";
import { digestFile, listFolder, pathInFolder, writeWhole } from "./folder-files.ts";

/** Files of a folder, and the newest versions of artifacts. */
export function createArtifactCollection(artifacts: ArtifactStore, folder: string): Collection {
  return {
    type: "artifacts",
    async local() {
      const digests = new Map<string, string>();
      for (const name of await listFolder(folder)) {
        // oxlint-disable-next-line no-await-in-loop -- large ones one at a time
        digests.set(name, await digestFile(pathInFolder(folder, name)));
      }
      return digests;
    },
    stored: () => listArtifacts(artifacts),
    async push(names) {
      const notes = await readNotes(folder);
      for (const name of names) {
        // oxlint-disable-next-line no-await-in-loop -- large ones one at a time
        const known = withNotes(notes.get(name), await artifacts.get(name));
        const source = createReadStream(pathInFolder(folder, name));
        // oxlint-disable-next-line no-await-in-loop -- large ones one at a time
        await artifacts.save(name, source, { contentType: mediaTypeOf(name), ...known });
      }
    },
    async pull(names) {
      const pulled: ArtifactEntry[] = [];
      for (const name of names) {
        const path = pathInFolder(folder, name);
        // oxlint-disable-next-line no-await-in-loop -- large ones one at a time
        const stored = await artifacts.stream(name);
        // oxlint-disable-next-line no-await-in-loop -- large ones one at a time
        await writeWhole(path, stored.chunks);
        pulled.push(stored);
      }
      if (pulled.length > 0) await addNotes(folder, pulled);
    },
    async remove(names) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      for (const name of names) await artifacts.delete(name);
    },
  };
}

async function listArtifacts(artifacts: ArtifactStore): Promise<Digests> {
  const digests = new Map<string, string>();
  let after: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- a page after the one before
    const page = await artifacts.list({ limit: 1000, ...(after === undefined ? {} : { after }) });
    for (const { name, digest } of page.artifacts) digests.set(name, digest);
    after = page.next;
  } while (after !== undefined);
  return digests;
}
