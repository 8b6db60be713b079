import type { ToolAdapter } from "@codemode/core";
import { CodemodeError, createRedactor, secretsByName } from "@codemode/core";

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
 * listing; requests go to its servers, or to `baseUrl`, and nowhere else. Throws `CONFIG_INVALID` without `spec`.
 */
export function createOpenapiAdapter(options: OpenapiAdapterOptions): ToolAdapter {
  const { name, timeoutMs = TIMEOUT_MS } = options;
  checkSpec(name, options.spec);
  const sender = createHttpSender();
  const redactor = createRedactor(secretsOf(options));
  // Of what is configured only these are no business of programs: a service may repeat what it was sent.
  const credentials = createRedactor([
    ...credentialSecrets(options.auth),
    ...secretsByName(options.headers),
  ]);
  let service: LoadedService | undefined;
  const tokens = createTokenStore({
    server: name,
    onToken(token) {
      redactor.add([token]);
      credentials.add([token]);
    },
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
      throw redactor.clean(error);
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
        const context = { options, service: loaded, sender, tokens, signal };
        return credentials.maskValue(await callOperation(call, context));
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

/** Not every caller has a compiler. */
function checkSpec(server: string, spec: unknown): void {
  if (spec !== undefined && spec !== null) return;
  const message = `Server ${JSON.stringify(server)} needs "spec": the path, the URL or the object of its OpenAPI document.`;
  throw new CodemodeError("CONFIG_INVALID", message);
}
