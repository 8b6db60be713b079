import type { StoreChange, WatchOptions } from "./storage.ts";

/** Those who watch a store. */
export interface ChangeListeners {
  readonly size: number;
  add(options: WatchOptions, onChange: (change: StoreChange) => void): AsyncDisposable;
  /** Told soon after, never within the change itself. */
  emit(change: StoreChange): void;
  clear(): void;
}

/** Prepares the list of those who watch. A listener that throws is the process's uncaught error. */
export function createChangeListeners(onEmpty: () => void = () => {}): ChangeListeners {
  const listeners = new Set<(change: StoreChange) => void>();
  return {
    get size() {
      return listeners.size;
    },
    add({ prefix = "" }, onChange) {
      const listener = (change: StoreChange): void => {
        if (change.type === "reset" || change.key.startsWith(prefix)) onChange(change);
      };
      listeners.add(listener);
      return {
        async [Symbol.asyncDispose]() {
          if (listeners.delete(listener) && listeners.size === 0) onEmpty();
        },
      };
    },
    emit(change) {
      // Who comes later is not told of what was before.
      const told = [...listeners];
      setImmediate(() => {
        for (const listener of told) if (listeners.has(listener)) listener(change);
      });
    },
    clear: () => listeners.clear(),
  };
}
