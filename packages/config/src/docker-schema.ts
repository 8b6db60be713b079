import { z } from "zod";

const positive = z.number().positive();
const text = z.string().min(1);

/** How the variant `docker` runs programs. */
export const dockerSchema = z
  .strictObject({
    host: text.optional().meta({
      description:
        "The daemon: `unix://`, `tcp://`, `https://` or `ssh://`. Default: `DOCKER_HOST`, or this machine's",
    }),
    image: text.optional().meta({
      description:
        "An image of ours that is on the daemon already. Default: built when it is needed",
    }),
    base_image: text.default("node:24-slim").meta({
      description: "What the built image stands on: any with `node` 24",
    }),
    runtime: text.optional().meta({
      description:
        "`runsc` for gVisor, or any other that the daemon knows. Default: the daemon's own",
    }),
    node_apis: z.boolean().default(true).meta({
      description: "Node's modules and globals for programs; without, they have the language alone",
    }),
    network: z
      .union([z.literal("none"), z.strictObject({ allow: z.array(text) })], {
        error: 'must be "none" or { "allow": ["host:port"] }',
      })
      .default("none")
      .meta({
        description:
          "Targets as `host:port` that programs may connect to over HTTP(S), through codemode's process. The container itself has no network",
      }),
    workspace: z.enum(["none", "read-only", "read-write"]).default("none").meta({
      description:
        "How programs see `workspace_path` as `/workspace`; with `none` it is empty, in memory, one for each session",
    }),
    memory_mb: z.int().min(64).optional().meta({
      description: "Memory of a container, MiB. Default: twice `memory_limit_mb` and 128",
    }),
    cpus: positive.default(1).meta({ description: "Processors of a container, in parts too" }),
    pids: z.int().min(16).optional().meta({
      description: "Processes and threads of a container. Default: 64; 512 with `runsc`",
    }),
    workspace_mb: z.int().positive().default(64).meta({
      description: "What programs may write to a workspace in memory, MiB",
    }),
    max_lifetime_ms: positive.default(86_400_000).meta({
      description: "Milliseconds after which a container ends by itself",
    }),
  })
  .describe("For `sandbox_variant` `docker`");
