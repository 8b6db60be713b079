import type { SkillStore } from "./skill-store.ts";
import { createTransfer } from "./skill-transfer.ts";
import { createChanges } from "./store-changes.ts";
import { createStoreContext } from "./store-context.ts";
import type { SkillStoreOptions } from "./store-options.ts";
import { createReads } from "./store-reads.ts";

/** Keeps skills in a storage: versions, search, and a folder to edit them in. */
export function createSkillStore(options: SkillStoreOptions): SkillStore {
  const listeners = new Set<() => void>();
  let revision = 0;
  let disposed = false;
  const onChange = (): void => {
    revision += 1;
    for (const listener of listeners) listener();
  };
  const context = createStoreContext(options, onChange, () => disposed);
  const heard = (options.sources ?? []).map((source) => source.watch?.(onChange));
  const reads = createReads(context, options);
  const changes = createChanges(context);
  return {
    ...reads,
    ...changes,
    ...createTransfer({ ...reads, ...changes }),
    get revision() {
      return revision;
    },
    watch(listener) {
      listeners.add(listener);
      context.catalog.begin();
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      listeners.clear();
      for (const watcher of heard) watcher?.[Symbol.dispose]();
      await context.catalog[Symbol.asyncDispose]();
    },
  };
}
