import { isCodemodeError } from "@codemode/core";
import type { Diagnostic } from "@codemode/core";
import { getJson } from "@codemode/storage";
import type { Store, StoreChange } from "@codemode/storage";

import { createRecordCache } from "./record-cache.ts";
import type { RecordCache } from "./record-cache.ts";
import { skillKey } from "./skill-name.ts";
import { recordToJson } from "./skill-record.ts";
import type { SkillRecord } from "./skill-record.ts";
import { HEAD_PREFIX } from "./skill-records.ts";

/** All records, in memory, kept fresh by watching. */
export interface SkillCatalog extends AsyncDisposable {
  /** Begins to watch, for who wants to hear of changes before anything is read. */
  begin(): void;
  /** Every skill there is, by name; what was deleted is left out. The same array until a change. */
  records(): Promise<readonly SkillRecord[]>;
  /** Deleted ones too. */
  find(name: string): Promise<SkillRecord | undefined>;
  /** Records that cannot be read. */
  diagnostics(): readonly Diagnostic[];
  /** What this process wrote is seen at once. */
  noteWritten(record: SkillRecord): void;
}

const PAGE = 10_000;
const READS_AT_ONCE = 64;

/**
 * Begins to watch and to read when first asked.
 *
 * @param onChange Called when a record is seen to have changed, by whomever.
 */
export function createSkillCatalog(store: Store, onChange: () => void): SkillCatalog {
  const cache = createRecordCache();
  const changes = createChanges(store, onChange);
  const refresh = async (): Promise<void> => {
    await changes.start();
    const wanted = await changes.take(cache);
    if (wanted.length === 0) return;
    try {
      await inBatches(wanted, async (key) => cache.keep(key, await readHead(store, key)));
    } catch (error) {
      changes.giveBack(wanted);
      throw error;
    }
  };
  let reading: Promise<void> = Promise.resolve();
  /** One after the other: two at once would read the same. */
  const fresh = (): Promise<void> => {
    reading = reading.then(refresh, refresh);
    return reading;
  };
  return {
    begin() {
      // What fails here fails again, and is told, when something is read.
      changes.start().catch(() => undefined);
    },
    async records() {
      await fresh();
      return cache.sorted();
    },
    async find(name) {
      await fresh();
      return cache.get(skillKey(name));
    },
    diagnostics: () => cache.diagnostics(),
    noteWritten(record) {
      const key = skillKey(record.name);
      cache.keep(key, recordToJson(record));
      // Somebody else may have written since.
      changes.giveBack([key]);
      onChange();
    },
    [Symbol.asyncDispose]: () => changes.stop(),
  };
}

/** Which records have to be read. */
interface Changes {
  start(): Promise<void>;
  take(cache: RecordCache): Promise<readonly string[]>;
  giveBack(keys: readonly string[]): void;
  stop(): Promise<void>;
}

function createChanges(store: Store, onChange: () => void): Changes {
  const dirty = new Set<string>();
  let all = true;
  let watching: Promise<AsyncDisposable> | undefined;
  const note = (change: StoreChange): void => {
    if (change.type === "reset") all = true;
    else dirty.add(change.key.slice(HEAD_PREFIX.length));
    onChange();
  };
  return {
    async start() {
      watching ??= store.watch({ prefix: HEAD_PREFIX }, note);
      try {
        await watching;
      } catch (error) {
        watching = undefined;
        throw error;
      }
    },
    async take(cache) {
      if (all) {
        all = false;
        const keys = await listKeys(store).catch((error: unknown) => {
          all = true;
          throw error;
        });
        for (const key of [...cache.keys(), ...keys]) dirty.add(key);
      }
      const taken = [...dirty];
      dirty.clear();
      return taken;
    },
    giveBack(keys) {
      for (const key of keys) dirty.add(key);
    },
    async stop() {
      const watcher = await watching?.catch(() => undefined);
      await watcher?.[Symbol.asyncDispose]();
    },
  };
}

/** What is no JSON is no record, and keeps no other from being read. */
async function readHead(store: Store, key: string): Promise<unknown> {
  try {
    return (await getJson(store, HEAD_PREFIX + key))?.value;
  } catch (error) {
    if (isCodemodeError(error, "STORAGE_CORRUPT")) return null;
    throw error;
  }
}

async function listKeys(store: Store): Promise<readonly string[]> {
  const keys: string[] = [];
  let after: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- a page says where the next begins
    const page = await store.list({
      prefix: HEAD_PREFIX,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const { key } of page.entries) keys.push(key.slice(HEAD_PREFIX.length));
    after = page.next;
  } while (after !== undefined);
  return keys;
}

async function inBatches(
  keys: readonly string[],
  each: (key: string) => Promise<void>,
): Promise<void> {
  const left = keys.values();
  const work = async (): Promise<void> => {
    for (const key of left) {
      // oxlint-disable-next-line no-await-in-loop -- a bounded number of these run at once
      await each(key);
    }
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, work));
}
