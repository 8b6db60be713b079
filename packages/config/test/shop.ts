import type { ToolRegistry } from "@codemode/core";
import type { FunctionTool } from "@codemode/core";
import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import type { Sandbox } from "@codemode/sandbox";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import type { Session, SessionOptions } from "@codemode/session";
import { createSession } from "@codemode/session";
import { afterAll, beforeAll } from "vitest";
import { z } from "zod";

/** A small shop as the only server, and one sandbox, for all tests of a file. */
export function setUpShop(
  furtherTools: Readonly<Record<string, FunctionTool>> = {},
): (options?: Partial<SessionOptions>) => Session {
  let registry: ToolRegistry;
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = createIsolatedVmSandbox();
    registry = createToolRegistry();
    registry.addAdapter(
      createFunctionAdapter({
        name: "shop",
        description: "A small shop.",
        tools: {
          "get-price": {
            description: "The price of an article. Net.",
            input: z.object({
              article: z.string(),
              currency: z.enum(["EUR", "USD"]).default("EUR"),
            }),
            output: z.object({ article: z.string(), price: z.number(), currency: z.string() }),
            run: ({ article, currency }) => ({ article, price: article.length, currency }),
          },
          fail: {
            description: "Always fails.",
            run: () => {
              throw new Error("closed on Sundays");
            },
          },
          ...furtherTools,
        },
      }),
    );
    await registry.discoverAll();
  });
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });
  return (options = {}) => createSession({ registry, sandbox, ...options });
}
