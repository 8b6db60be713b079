import { z } from "zod";

import { measureIn } from "./measure-in.ts";
import { table, time } from "./report.ts";

const figuresSchema = z.object({
  load: z.number(),
  list: z.number(),
  firstSearch: z.number(),
  search: z.number(),
  searchAfterSave: z.number(),
  get: z.number(),
});

/** Measures 10,000 skills in files. */
export function benchSkills(): string {
  const figures = measureIn("skill-worker.ts", [], figuresSchema);
  const { load, list, firstSearch, search, searchAfterSave, get } = figures;
  return table([
    ["10,000 skills", "read all", "list", "index and search", "search", "after a save", "get"],
    ["", ...[load, list, firstSearch, search, searchAfterSave, get].map(time)],
  ]);
}
