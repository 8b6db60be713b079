import { z } from "zod";

import { measureIn } from "./measure-in.ts";
import { table, time } from "./report.ts";

const figuresSchema = z.object({
  bindings: z.number(),
  firstSearch: z.number(),
  nextSearch: z.number(),
  lookup: z.number(),
});

/** Measures a catalog of 10,000 tools once they are listed. */
export function benchCatalog(): string {
  const { bindings, firstSearch, nextSearch, lookup } = measureIn(
    "catalog-worker.ts",
    [],
    figuresSchema,
  );
  return table([
    ["10,000 tools on 100 servers", "index and bindings", "first search", "next search", "lookup"],
    ["", time(bindings), time(firstSearch), time(nextSearch), time(lookup)],
  ]);
}
