import { z } from "zod";

const count = z.int().positive();

/** What programs keep for later sessions, and how much of it. */
export const artifactsSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe("Whether programs have `artifacts`, and large results are kept as such"),
    quota_bytes: count
      .default(1024 ** 3)
      .describe("Bytes that all versions of all artifacts may hold"),
    max_versions: count.default(20).describe("Versions kept of one artifact; the oldest go first"),
    large_result_ttl: z
      .number()
      .min(0)
      .default(86_400)
      .describe(
        "Seconds that a value over `limits.max_value_bytes` is kept as an artifact; 0: it is `RESULT_TOO_LARGE`",
      ),
  })
  .describe("Data that programs keep for later sessions, in `storage`");
