import { DEFAULT_LIMITS } from "@codemode/sandbox";
import { z } from "zod";

import { artifactsSchema } from "./artifacts-schema.ts";
import { CLIENT_NAMES } from "./clients/client-files.ts";
import { dockerSchema } from "./docker-schema.ts";
import { httpSchema } from "./http-config.ts";
import { DEFAULT_IDENTITY_ENV } from "./identity-env.ts";
import { mcpServerSchema } from "./mcp-server-schema.ts";
import { openapiServerSchema } from "./openapi-schema.ts";
import { findSandboxVariant, unknownVariant } from "./sandbox-variants.ts";
import { storageSchema } from "./storage-schema.ts";
import { cliSchema } from "./tool-files/cli-file.ts";
import { NAME_RULE, TOOL_NAME } from "./tool-files/parse-tool-file.ts";
import { utcpSchema } from "./utcp-manuals.ts";

const positive = z.number().positive();
const count = z.int().positive();

/** What one execution may use. */
const limitsSchema = z
  .strictObject({
    compute_ms: positive.optional().meta({
      description: "Milliseconds a program may compute without awaiting",
      default: DEFAULT_LIMITS.computeMs,
    }),
    tool_timeout_ms: positive.optional().meta({
      description: "Milliseconds for one tool call",
      default: DEFAULT_LIMITS.toolTimeoutMs,
    }),
    max_concurrent_calls: count.optional().meta({
      description: "Tool calls at once; more wait",
      default: DEFAULT_LIMITS.maxConcurrentCalls,
    }),
    max_tool_result_bytes: count.optional().meta({
      description: "Size of one tool's answer",
      default: DEFAULT_LIMITS.maxToolResultBytes,
    }),
    max_value_bytes: count
      .optional()
      .meta({ description: "Size of a program's value", default: DEFAULT_LIMITS.maxValueBytes }),
    max_log_bytes: count.optional().meta({
      description: "Logs kept, half from the start, half from the end",
      default: DEFAULT_LIMITS.maxLogBytes,
    }),
    max_source_bytes: count
      .optional()
      .meta({ description: "Size of a program's source", default: DEFAULT_LIMITS.maxSourceBytes }),
  })
  .describe("Limits of one execution");

/** How many sandboxes there are, and for how long. */
const poolSchema = z
  .strictObject({
    max_runners: z.int().min(1).max(1_000).default(32).meta({
      description: "Sandboxes alive at once, waiting ones included: so many sessions there can be",
    }),
    acquire_timeout_ms: positive
      .default(10_000)
      .meta({ description: "Milliseconds a program waits where all are in use" }),
    session_idle_ms: positive.default(900_000).meta({
      description: "A session unused for so many milliseconds ends, its variables with it",
    }),
    prewarm_idle_ms: positive.default(300_000).meta({
      description: "Waiting sandboxes are let go after so many milliseconds without a new session",
    }),
    prewarm_max_age_ms: positive.default(3_600_000).meta({
      description: "A sandbox that waited for so many milliseconds makes way for a new one",
    }),
  })
  .describe("Sandboxes and sessions at once");

const variantSchema = z
  .string({ error: ({ input }) => unknownVariant(input) })
  .min(1)
  // Whether another name leads somewhere depends on where the file is.
  .transform((name) => findSandboxVariant(name) ?? name);

/** The config file. */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe("For editors; not read"),
  sandbox_variant: variantSchema
    .default("isolated-vm")
    .describe(
      'Where programs run: `isolated-vm`, `docker`, `local-eval` (also `eval`; no security boundary, for trusted programs), the path of a module of yours from this file ("./my-sandbox.ts"), or a package',
    ),
  hardening: z
    .enum(["none", "jitless"])
    .default("none")
    .describe(
      "`jitless` takes the engine's compiler away in `isolated-vm`: less to attack, arithmetic many times slower",
    ),
  workspace_path: z
    .string()
    .min(1)
    .default("./workspace")
    .describe(
      "The folder that programs may use in `local-eval`, made where it is not there, and in `docker` where `docker.workspace` says so",
    ),
  allow_read: z
    .array(z.string().min(1))
    .default([])
    .describe("More files and folders that programs of `local-eval` may read"),
  allow_write: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "More files and folders that programs of `local-eval` may write; to read them takes `allow_read`",
    ),
  allow_direct_tool_calls: z
    .boolean()
    .default(false)
    .describe("Whether a model may call tools one by one (`call_tool`)"),
  max_tool_calls: count
    .optional()
    .describe("Tool calls one execution may make; 50 to 200 are sensible. Default: no cap"),
  default_timeout: positive.default(30).describe("Seconds a program may take"),
  memory_limit_mb: z.int().min(16).default(128).describe("Heap of one session, MiB"),
  prewarm: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe("Sandboxes kept waiting, so that sessions open at once"),
  pool: poolSchema.prefault({}),
  docker: dockerSchema.prefault({}),
  http: httpSchema.prefault({}),
  shutdown_grace_ms: z
    .number()
    .min(0)
    .default(5_000)
    .describe("Milliseconds that running programs get to finish when a server is told to stop"),
  generated_path: z
    .string()
    .default("./generated")
    .describe("Where `codemode generate` writes typed modules"),
  limits: limitsSchema.default({}),
  mcpServers: z
    .record(z.string().min(1), mcpServerSchema)
    .default({})
    .describe("MCP servers by name, as MCP clients write them"),
  openapi: z
    .record(z.string().min(1), openapiServerSchema)
    .default({})
    .describe("HTTP services by name, described by OpenAPI 3 or Swagger 2"),
  on_tool_change: z
    .enum(["allow", "warn", "block"])
    .default("warn")
    .describe(
      "What becomes of calls to a tool whose description or schemas changed after its first use: nothing, a warning, or `TOOL_CHANGED`",
    ),
  utcp: utcpSchema
    .optional()
    .describe(
      "UTCP manuals: the path of a `.utcp_config.json`, several, or its content (`manual_call_templates`, `variables`, `load_variables_from`, `post_processing`), whose `${NAME}` and `$NAME` are UTCP's. The file that `UTCP_CONFIG_FILE` names is read too",
    ),
  identity_env: z
    .union([z.array(z.string().regex(/^[A-Za-z_]\w*$/)), z.literal(false)])
    .default([])
    .describe(
      `Variables, beside ${DEFAULT_IDENTITY_ENV.map((name) => `\`${name}\``).join(", ")}, that servers and commands started here get where they are set, and no program ever; \`false\`: none at all`,
    ),
  imports: z
    .array(z.enum(CLIENT_NAMES))
    .default([])
    .describe(
      `MCP clients whose servers are used as well, of ${CLIENT_NAMES.map((name) => `\`${name}\``).join(", ")}; entries of \`mcpServers\` win, then the first client`,
    ),
  storage: storageSchema
    .optional()
    .describe(
      "Where skills and artifacts are kept. Default: `file` where there is a config file, else `memory`",
    ),
  artifacts: artifactsSchema.prefault({}),
  allow_runtime_deps: z
    .boolean()
    .default(false)
    .describe(
      "Whether programs may install npm packages with `deps.add`, in the workspace of `local-eval`, or of `docker` where it is read-only; their scripts never run",
    ),
  codemode: z
    .boolean()
    .default(true)
    .describe(
      "Whether models get `execute_code` and the tools around it; `false` with `skills: true` serves skills only",
    ),
  skills: z
    .union([z.boolean(), z.literal("programs")])
    .default("programs")
    .describe(
      "Who has skills, code and instructions that are kept: `programs`; `true`: models too, with tools such as `save_skill` and `run_skill`; `false`: nobody",
    ),
  skills_path: z
    .string()
    .min(1)
    .default("./skills")
    .describe(
      "The folder where skills stand as plain files, from this file; what you edit there becomes a new version",
    ),
  skills_directories: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Further folders of skills, read only, from this file: `./.agents/skills`, `./.claude/skills`. Name only those you trust",
    ),
  embeddings: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Finds skills by meaning too: the path of a module from this file ("./embedder.ts"), or a package, that exports `embedder` or `createEmbedder()`. Loaded at the first search',
    ),
  tools: z
    .union([z.string().min(1), z.array(z.string().min(1))])
    .default("./tools")
    .describe("Folder of tool files (YAML), or several; they are read again when they change"),
  cli: z
    .record(z.string().regex(TOOL_NAME, NAME_RULE), cliSchema)
    .default({})
    .describe("Commands by name, with the keys of a tool file"),
});

/** A config with all defaults. */
export type Config = z.output<typeof configSchema>;
