import type { Diagnostic, ToolAnnotations, ToolDefinition, ToolListing } from "@codemode/core";
import { canonicalName, CodemodeError, schemaProblem } from "@codemode/core";
import { z } from "zod";

import { readHeaderParameters } from "./header-parameters.ts";
import { readToolMeta } from "./tool-meta.ts";
import { toInputSchema, toOutputSchema } from "./tool-schema.ts";
import { wireProblem } from "./wire-problem.ts";

/** One page of tools, however broken each of them is. */
export const toolPageSchema = z.looseObject({
  tools: z.array(z.unknown()),
  nextCursor: z.string().optional().catch(undefined),
  /** How long the list is good for. */
  ttlMs: z.number().positive().optional().catch(undefined),
});

const MAX_PAGES = 1_000;
const MAX_TOOLS = 20_000;
// Of a server's own text in a message.
const MAX_SHOWN = 100;

/** Asks for one page. */
export type PageReader = (cursor?: string) => Promise<z.output<typeof toolPageSchema>>;

/** Follows all pages. A tool that cannot be used costs that tool only. */
export async function listAllTools(
  server: string,
  readPage: PageReader,
  checksHeaders = false,
): Promise<ToolListing> {
  const tools: ToolDefinition[] = [];
  const diagnostics: Diagnostic[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES && tools.length < MAX_TOOLS; page += 1) {
    // oxlint-disable-next-line no-await-in-loop -- a page's cursor stands in the page before it
    const { tools: listed, nextCursor } = await readPage(cursor);
    for (const item of listed) {
      const read = readTool(server, item, checksHeaders);
      if ("tool" in read) tools.push(read.tool);
      if (read.diagnostic) diagnostics.push(read.diagnostic);
    }
    if (nextCursor === undefined || nextCursor === "") return { tools, diagnostics };
    if (cursors.has(nextCursor)) {
      const message = `Server "${server}" repeats a page of its tools; what came until then is used.`;
      return { tools, diagnostics: [...diagnostics, { code: "LISTING_REPEATED", message }] };
    }
    cursors.add(nextCursor);
    cursor = nextCursor;
  }
  throw new CodemodeError(
    "SERVER_PROTOCOL",
    `Server "${server}" lists tools without end; over ${MAX_TOOLS} tools or ${MAX_PAGES} pages are not read. Leave it out with "disabled": true until it is mended.`,
  );
}

const toolSchema = z.looseObject({
  name: z.string().min(1).max(512),
  title: z.string().optional().catch(undefined),
  description: z.string().default("").catch(""),
  inputSchema: z.unknown().optional(),
  outputSchema: z.unknown().optional(),
  annotations: z.looseObject({}).optional().catch(undefined),
  execution: z.looseObject({ taskSupport: z.unknown() }).optional().catch(undefined),
  _meta: z.record(z.string(), z.unknown()).default({}).catch({}),
});

type ReadTool =
  | { readonly tool: ToolDefinition; readonly diagnostic?: Diagnostic }
  | { readonly diagnostic: Diagnostic };

function readTool(server: string, item: unknown, checksHeaders: boolean): ReadTool {
  const parsed = toolSchema.safeParse(item, { error: schemaProblem });
  if (!parsed.success) {
    const named = z.looseObject({ name: z.string() }).safeParse(item);
    const which = named.success
      ? JSON.stringify(named.data.name.slice(0, MAX_SHOWN))
      : "without a usable name";
    const message = `Server "${server}" lists a tool ${which} that is left out: ${wireProblem(parsed.error)}.`;
    return { diagnostic: { code: "TOOL_DROPPED", message } };
  }
  const { name, title, description, annotations, execution, _meta } = parsed.data;
  if (execution?.taskSupport === "required") {
    const why = "it can be called as a task only, which is not supported";
    return { diagnostic: dropped(server, name, why) };
  }
  const input = toInputSchema(parsed.data.inputSchema);
  const headers = checksHeaders ? readHeaderParameters(input.schema) : { count: 0 };
  if ("problem" in headers) return { diagnostic: dropped(server, name, headers.problem) };
  const output = toOutputSchema(parsed.data.outputSchema);
  const tool: ToolDefinition = {
    server,
    name,
    canonicalName: canonicalName(server, name),
    description,
    inputSchema: input.schema,
    ...(output.schema === undefined ? {} : { outputSchema: output.schema }),
    annotations: toAnnotations(annotations, title),
    ...readToolMeta(_meta),
    meta: _meta,
  };
  const repairs = [input.repair, output.repair].filter((repair) => repair !== undefined);
  if (repairs.length === 0) return { tool };
  const message = `Tool ${JSON.stringify(tool.canonicalName.slice(0, MAX_SHOWN))} is repaired: ${repairs.join("; ")}.`;
  return { tool, diagnostic: { code: "TOOL_REPAIRED", message } };
}

function dropped(server: string, name: string, why: string): Diagnostic {
  const message = `Server "${server}" lists a tool ${JSON.stringify(name.slice(0, MAX_SHOWN))} that is left out: ${why}.`;
  return { code: "TOOL_DROPPED", message };
}

function toAnnotations(
  given: Readonly<Record<string, unknown>> | undefined,
  title: string | undefined,
): ToolAnnotations {
  const known = z
    .object({
      title: z.string().optional().catch(undefined),
      readOnlyHint: z.boolean().optional().catch(undefined),
      destructiveHint: z.boolean().optional().catch(undefined),
      idempotentHint: z.boolean().optional().catch(undefined),
      openWorldHint: z.boolean().optional().catch(undefined),
    })
    .parse(given ?? {});
  const all = { ...known, title: title ?? known.title };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
