import { z } from "zod";

const text = z.string().min(1);
const bytes = z.int().positive();

/** Which keys are for which `type` alone. */
const KEYS_OF: Readonly<Record<string, readonly string[]>> = {
  path: ["file"],
  url: ["redis"],
  nodes: ["redis"],
  prefix: ["redis"],
  timeout_ms: ["redis"],
  tls: ["redis"],
};

const tlsSchema = z
  .strictObject({
    ca_file: text.optional(),
    cert_file: text.optional(),
    key_file: text.optional(),
    server_name: text.optional(),
  })
  .meta({
    description:
      "For `rediss://`: `ca_file`, `cert_file` and `key_file`, PEM files whose paths start at this file, and `server_name`, the name the certificate is for. Default: the authorities that Node trusts",
  });

const URL_RULE = 'must begin with "redis://" or "rediss://", as in "redis://localhost:6379"';

const shape = {
  type: z
    .enum(["memory", "file", "redis"])
    .default("file")
    .describe("`memory` ends with the process, `file` is for one machine, `redis` for many"),
  path: text.optional().meta({
    description:
      "With `file`: the folder, which is made when it is first needed; from this file. Default: `./.codemode`",
  }),
  url: text
    .regex(/^rediss?:\/\//, URL_RULE)
    .optional()
    .meta({
      description:
        "With `redis`: `redis://user:password@host:6379/0`, `rediss://` for TLS. It is never shown; a variable keeps it out of the file",
    }),
  nodes: z.array(text).min(1).optional().meta({
    description:
      "With `redis`, in place of `url`: urls of some servers of a Redis Cluster, which name the others",
  }),
  prefix: z
    .string()
    .regex(/^[^{}\s]{1,64}$/, "must be 1 to 64 characters without spaces and braces")
    .optional()
    .meta({ description: "With `redis`: what all keys begin with. Default: `codemode`" }),
  timeout_ms: z.int().positive().optional().meta({
    description: "With `redis`: milliseconds for one answer. Default: 1500",
  }),
  tls: tlsSchema.optional(),
  max_value_bytes: bytes
    .optional()
    .meta({ description: "Size of a value that is stored whole", default: 16 * 1024 * 1024 }),
  max_stream_bytes: bytes
    .optional()
    .meta({ description: "Size of a value that is streamed", default: 1024 * 1024 * 1024 }),
};

/** Where skills and artifacts are kept. */
export const storageSchema = z
  .strictObject(shape)
  .superRefine((storage, context) => {
    const { type } = storage;
    if (type === "redis" && storage.url === undefined && storage.nodes === undefined) {
      const message = 'is needed by type "redis": "redis://localhost:6379" for example';
      context.addIssue({ code: "custom", path: ["url"], message });
    }
    if (storage.url !== undefined && storage.nodes !== undefined) {
      const message = "is in place of `url`: give one of them";
      context.addIssue({ code: "custom", path: ["nodes"], message });
    }
    for (const key of Object.keys(storage)) {
      const types = KEYS_OF[key];
      if (types === undefined || types.includes(type)) continue;
      const message = `is for type ${JSON.stringify(types[0])}, not for ${JSON.stringify(type)}`;
      context.addIssue({ code: "custom", path: [key], message });
    }
  })
  .describe("Where skills and artifacts are kept");

/** The section `storage`. */
export type StorageConfig = z.output<typeof storageSchema>;
