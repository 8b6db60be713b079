import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

import { measureIn } from "./measure-in.ts";
import { table, time } from "./report.ts";

const figuresSchema = z.object({
  put: z.number(),
  get: z.number(),
  firstList: z.number(),
  nextList: z.number(),
});

/** Measures 10,000 values in memory, in files, and in the Redis of `CODEMODE_BENCH_REDIS` where it is set. */
export function benchStorage(): string {
  const folder = mkdtempSync(join(tmpdir(), "codemode-bench-"));
  try {
    const redis = process.env["CODEMODE_BENCH_REDIS"];
    const kinds = [
      ["memory"],
      ["file", folder],
      ...(redis === undefined ? [] : [["redis", redis]]),
    ];
    const rows = kinds.map(([kind = "", ...place]) => {
      const { put, get, firstList, nextList } = measureIn(
        "storage-worker.ts",
        [kind, ...place],
        figuresSchema,
      );
      return [kind, time(put), time(get), time(firstList), time(nextList)];
    });
    return table([["10,000 values", "put", "get", "first list of all", "next list"], ...rows]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
