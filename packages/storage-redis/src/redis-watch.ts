import type { Store, StoreChange } from "@codemode/storage";
import { createChangeListeners } from "@codemode/storage/driver";

import type { RedisListener } from "./redis-listener.ts";

/** The watching of one namespace. */
export interface RedisWatch {
  readonly watch: Store["watch"];
  readonly end: () => void;
}

/** Listens as long as the storage lives, once somebody has asked for it. */
export function createRedisWatch(channel: string, connect: () => RedisListener): RedisWatch {
  const listeners = createChangeListeners();
  let listening: Promise<void> | undefined;
  const onMessage = (from: string, message: string): void => {
    const change = from === channel ? toChange(message) : undefined;
    if (change !== undefined) listeners.emit(change);
  };
  const listen = async (): Promise<void> => {
    const listener = connect();
    await listener.run(async (redis) => {
      redis.off("message", onMessage).on("message", onMessage);
      await redis.subscribe(channel);
    });
    listener.onReady(() => void resume(listener));
  };
  const resume = async (listener: RedisListener): Promise<void> => {
    try {
      await listener.run((redis) => redis.subscribe(channel));
      // Nobody knows what was missed.
      listeners.emit({ type: "reset" });
    } catch {
      // Lost again: there will be another connection, or the end.
    }
  };
  return {
    async watch(options, onChange) {
      listening ??= listen().catch((error: unknown) => {
        listening = undefined;
        throw error;
      });
      await listening;
      return listeners.add(options, onChange);
    },
    end: () => listeners.clear(),
  };
}

function toChange(message: string): StoreChange | undefined {
  const space = message.indexOf(" ");
  const type = message.slice(0, space);
  const key = message.slice(space + 1);
  return type === "put" || type === "delete" ? { type, key } : undefined;
}
