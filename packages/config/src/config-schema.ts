import { z } from "zod";

import { mcpServerSchema } from "./mcp-server-schema.ts";

/** Variants that can be named; each loads its package when it is used. */
export const SANDBOX_VARIANTS = ["isolated-vm"] as const;

const positive = z.number().positive();

/** What one execution may use. */
export const limitsSchema = z
  .strictObject({
    compute_ms: positive
      .optional()
      .describe("Milliseconds a program may compute without awaiting. Default 5000"),
    tool_timeout_ms: positive.optional().describe("Milliseconds for one tool call. Default 30000"),
    max_concurrent_calls: z
      .int()
      .positive()
      .optional()
      .describe("Tool calls at once; more wait. Default 8"),
    max_tool_result_bytes: z
      .int()
      .positive()
      .optional()
      .describe("One tool's answer. Default 2097152"),
    max_value_bytes: z.int().positive().optional().describe("A program's value. Default 262144"),
    max_log_bytes: z
      .int()
      .positive()
      .optional()
      .describe("Logs kept, half from the start, half from the end. Default 65536"),
    max_source_bytes: z.int().positive().optional().describe("A program's source. Default 131072"),
  })
  .describe("Limits of one execution");

/** The config file. */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe("For editors; not read"),
  sandbox_variant: z
    .preprocess(
      (value) =>
        typeof value === "string" ? value.trim().toLowerCase().replaceAll("_", "-") : value,
      z.enum(SANDBOX_VARIANTS),
    )
    .default("isolated-vm")
    .describe("Where programs run"),
  allow_direct_tool_calls: z
    .boolean()
    .default(false)
    .describe("Whether a model may call tools one by one (`call_tool`)"),
  max_tool_calls: z
    .int()
    .positive()
    .optional()
    .describe("Tool calls one execution may make. Default: no cap; 50 to 200 are sensible"),
  default_timeout: positive.default(30).describe("Seconds a program may take"),
  memory_limit_mb: z.int().min(16).default(128).describe("Heap of one session, MiB"),
  prewarm: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe("Sandboxes kept waiting, so that sessions open at once"),
  generated_path: z
    .string()
    .default("./generated")
    .describe("Where `codemode generate` writes typed modules"),
  limits: limitsSchema.default({}),
  mcpServers: z
    .record(z.string().min(1), mcpServerSchema)
    .default({})
    .describe("MCP servers by name, as MCP clients write them"),
});

/** A config with all defaults. */
export type Config = z.output<typeof configSchema>;
