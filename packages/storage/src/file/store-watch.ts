import type { ChangeListeners } from "../change-listeners.ts";
import { createChangeListeners } from "../change-listeners.ts";
import type { Store } from "../storage.ts";
import type { EntryCache } from "./entry-cache.ts";
import type { StoreFolders } from "./store-folders.ts";
import { watchFolder } from "./watch-folder.ts";

/** The watching of one store: one watcher of the system, for as long as somebody listens. */
export interface StoreWatch {
  readonly watch: Store["watch"];
  readonly end: () => void;
}

const RETRY_MS = 1000;

/** Begins when first asked for. */
export function createStoreWatch(folders: StoreFolders, cache: EntryCache): StoreWatch {
  let stop: (() => void) | undefined;
  let retry: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearTimeout(retry);
    stop?.();
    stop = undefined;
  };
  const listeners: ChangeListeners = createChangeListeners(end);
  const begin = (): void => {
    stop ??= watchFolder({
      folder: folders.values,
      cache,
      emit: (change) => listeners.emit(change),
      onLost: lost,
    });
  };
  const lost = (): void => {
    end();
    listeners.emit({ type: "reset" });
    retry = setTimeout(() => void beginAgain(), RETRY_MS).unref();
  };
  const beginAgain = async (): Promise<void> => {
    try {
      await folders.useRepeatedly(async () => {
        if (listeners.size > 0) begin();
      });
      listeners.emit({ type: "reset" });
    } catch {
      // The folder cannot be made, or nothing more be watched: later, perhaps.
      lost();
    }
  };
  return {
    async watch(options, onChange) {
      await folders.useRepeatedly(async () => begin());
      return listeners.add(options, onChange);
    },
    end() {
      listeners.clear();
      end();
    },
  };
}
