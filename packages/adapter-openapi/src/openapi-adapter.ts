import type { ToolAdapter } from "@codemode/core";
import { CodemodeError, createRedactor } from "@codemode/core";

import { callOperation } from "./call-operation.ts";
import { createHttpSender } from "./http-sender.ts";
import { createTokenFetcher, createTokenStore } from "./oauth-tokens.ts";
import type { OpenapiAdapterOptions } from "./openapi-options.ts";
import { TIMEOUT_MS } from "./openapi-options.ts";
import { credentialSecrets } from "./security.ts";
import type { LoadedService } from "./service.ts";
import { checkService, loadService } from "./service.ts";

/**
 * The operations of an HTTP service as tools. The document is read at the first use and with every
 * listing; requests go to its servers, or to `baseUrl`, and nowhere else.
 */
export function createOpenapiAdapter(options: OpenapiAdapterOptions): ToolAdapter {
  const { name, timeoutMs = TIMEOUT_MS } = options;
  const sender = createHttpSender();
  const redactor = createRedactor(secretsOf(options));
  let service: LoadedService | undefined;
  const tokens = createTokenStore({
    server: name,
    redactor,
    timeoutMs,
    documentUrl: () => service?.url,
    fetchToken: createTokenFetcher(sender, () => service?.url),
  });
  const load = async (signal: AbortSignal): Promise<LoadedService> => {
    service = await loadService(options, sender, signal);
    return service;
  };
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof CodemodeError ? redactor.clean(error) : error;
    }
  };

  return {
    name,
    get description() {
      return options.description ?? service?.title;
    },
    transport: "openapi",
    listTools: ({ signal }) =>
      guarded(async () => {
        const { catalog } = await load(signal);
        const diagnostics = catalog.diagnostics.map(({ code, message }) => ({
          code,
          message: redactor.mask(message),
        }));
        return { tools: catalog.tools, diagnostics };
      }),
    callTool: (call, { signal }) =>
      guarded(async () => {
        const loaded = service ?? (await load(signal));
        return callOperation(call, { options, service: loaded, sender, tokens, signal });
      }),
    check: ({ signal }) =>
      guarded(async () => {
        const loaded = service ?? (await load(signal));
        await checkService(options, loaded, { sender, signal });
      }),
    [Symbol.asyncDispose]: () => sender[Symbol.asyncDispose](),
  };
}

function secretsOf({
  auth,
  headers = {},
  secrets = [],
  spec,
}: OpenapiAdapterOptions): readonly string[] {
  const values = Object.values(headers);
  // `Bearer abc` is shown as two words, so the secret one is hidden alone too.
  const parts = values.flatMap((value) => value.split(" ").slice(1));
  const all = [...secrets, ...credentialSecrets(auth), ...values, ...parts];
  if (typeof spec !== "string" || !URL.canParse(spec)) return all;
  const { searchParams, username, password } = new URL(spec);
  return [...all, ...searchParams.values(), username, password];
}
