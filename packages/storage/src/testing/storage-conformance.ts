import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Storage } from "../storage.ts";
import type { StoreLimits } from "../store-limits.ts";
import { testFaults } from "./fault-tests.ts";
import { createHarness } from "./harness.ts";
import { testKeys } from "./key-tests.ts";
import { testLifetimes } from "./lifetime-tests.ts";
import { testLists } from "./list-tests.ts";
import { STORAGE_REQUIREMENTS } from "./requirements.ts";
import { testRevisions } from "./revision-tests.ts";
import { testStreams } from "./stream-tests.ts";
import { testValues } from "./value-tests.ts";
import { testWatches } from "./watch-tests.ts";

/** Where a storage of the suite keeps its values. */
export interface StoragePlace extends Partial<StoreLimits> {
  /** Storages of the same place share it; another place is empty. Letters, digits and hyphens. */
  readonly place: string;
}

/** What the suite needs to know of a storage. */
export interface StorageConformanceOptions {
  /** For the titles. */
  readonly name: string;
  /** A new storage, each time. */
  readonly createStorage: (place: StoragePlace) => Storage;
  /** Whether storages of one place share it, and values outlive them. Default `true`. */
  readonly shared?: boolean;
  /** Makes of what is stored under a key something that no driver wrote. Default: that is not tested. */
  readonly damage?: (value: DamagedValue) => Promise<void>;
}

/** Which value is to be damaged. */
export interface DamagedValue {
  readonly place: string;
  readonly namespace: string;
  readonly key: string;
}

/** Registers the tests of all requirements. Call it at the top of a vitest file. */
export function describeStorageConformance(options: StorageConformanceOptions): void {
  describe(options.name, () => {
    const harness = createHarness(options);
    beforeAll(() => harness.begin());
    afterAll(() => harness.end());
    for (const register of [
      testKeys,
      testValues,
      testRevisions,
      testLists,
      testStreams,
      testLifetimes,
      testWatches,
      testFaults,
    ]) {
      register(harness);
    }
    test("every requirement is tested", () => {
      expect([...harness.cited].toSorted()).toEqual(Object.keys(STORAGE_REQUIREMENTS).toSorted());
    });
  });
}
