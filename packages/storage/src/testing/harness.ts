import { expect, test } from "vitest";

import type { Storage, Store } from "../storage.ts";
import type { StorageRequirementId } from "./requirements.ts";
import { STORAGE_REQUIREMENTS } from "./requirements.ts";
import type { Requirement } from "./requirements/requirement.ts";
import type {
  DamagedValue,
  StorageConformanceOptions,
  StoragePlace,
} from "./storage-conformance.ts";

/** What a test gets: an empty store, and the same one in another storage where there can be one. */
interface TestStores {
  readonly store: Store;
  readonly other: Store;
  /** The name of the store. */
  readonly namespace: string;
}

/** What the tests of all topics share. */
export interface Harness {
  /** A test of one requirement, where it holds; remembers that the requirement is tested. */
  readonly check: (id: StorageRequirementId, body: (stores: TestStores) => Promise<void>) => void;
  /** A storage of the test's own, at the place of all tests unless it names another. */
  readonly createStorage: (place?: Partial<StoragePlace>) => Storage;
  /** Damages a value at the place of all tests. */
  readonly damage: (value: Omit<DamagedValue, "place">) => Promise<void>;
  readonly cited: ReadonlySet<StorageRequirementId>;
  readonly begin: () => void;
  readonly end: () => Promise<void>;
}

/** Time for the slowest of them: streams of 100 MB on a busy machine. */
const TEST_TIMEOUT_MS = 60_000;

/** Prepares the tests of one kind of storage. */
export function createHarness(options: StorageConformanceOptions): Harness {
  const { shared = true } = options;
  const place = `conformance-${process.pid}-${Date.now()}`;
  const cited = new Set<StorageRequirementId>();
  const storages: Storage[] = [];
  const createStorage = (own: Partial<StoragePlace> = {}): Storage =>
    options.createStorage({ place, ...own });
  let tests = 0;
  return {
    cited,
    createStorage,
    damage: async (value) => options.damage?.({ place, ...value }),
    check(id, body) {
      cited.add(id);
      const { behavior, needs }: Requirement = STORAGE_REQUIREMENTS[id];
      if (needs === "shared" && !shared) return;
      if (needs === "damage" && options.damage === undefined) return;
      tests += 1;
      const namespace = `test-${tests}`;
      const run = async (): Promise<void> => {
        const [one, two] = storages;
        if (one === undefined || two === undefined) return expect.fail("The suite has not begun.");
        await body({ store: one.open(namespace), other: two.open(namespace), namespace });
      };
      // oxlint-disable-next-line vitest/expect-expect -- the body is given, and asserts
      test(`${id}: ${behavior}`, run, TEST_TIMEOUT_MS);
    },
    begin() {
      const one = createStorage();
      storages.push(one, shared ? createStorage() : one);
    },
    async end() {
      await Promise.all(storages.map((storage) => storage[Symbol.asyncDispose]()));
    },
  };
}

/** Text as bytes. */
export function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes as text; `undefined` where there is no value. */
export function toText(stored: { readonly value: Uint8Array } | undefined): string | undefined {
  return stored && Buffer.from(stored.value).toString();
}

/** All of a stream. */
export async function readAll(chunks: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks ?? []) all.push(chunk);
  return Buffer.concat(all).toString();
}

/** Fails unless the promise rejects with this code. */
export async function expectCode(promise: Promise<unknown>, code: string): Promise<void> {
  await expect(promise).rejects.toMatchObject({ code });
}
