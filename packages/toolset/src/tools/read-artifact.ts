import type { ArtifactStore } from "@codemode/storage";
import { z } from "zod";

import type { ToolsetTool } from "../toolset-tool.ts";
import { compact, defineTool, success } from "../toolset-tool.ts";

// What a model reads at once without losing the thread, and what it may ask for.
const DEFAULT_BYTES = 20_000;
const MAX_BYTES = 200_000;

/** Reads an artifact by ranges of bytes. */
export function readArtifactTool(artifacts: ArtifactStore): ToolsetTool {
  return defineTool({
    name: "read_artifact",
    description:
      "Read a stored artifact, such as a large result, by a range of bytes; `next` is where to go on. To work on it, use artifacts.load in execute_code.",
    input: z.strictObject({
      name: z.string(),
      start: z.int().min(0).optional(),
      end: z.int().min(0).optional(),
      version: z.int().optional(),
    }),
    annotations: { title: "Read artifact", readOnlyHint: true, openWorldHint: false },
    async run({ name, start = 0, end = start + DEFAULT_BYTES, version }) {
      const part = await artifacts.part(name, {
        start,
        end: Math.min(end, start + MAX_BYTES),
        ...(version === undefined ? {} : { version }),
      });
      const { entry, data } = part;
      const text = typeof data === "string" ? data : undefined;
      return success(
        compact({
          name,
          version: entry.version,
          size: entry.size,
          contentType: entry.contentType,
          start: part.start,
          end: part.end,
          next: part.end < entry.size ? part.end : undefined,
          text,
          base64: typeof data === "string" ? undefined : Buffer.from(data).toString("base64"),
        }),
      );
    },
  });
}
