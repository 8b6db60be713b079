import { isCodemodeError } from "@codemode/core";
import type {
  ListResourcesResult,
  ListResourceTemplatesResult,
  ReadResourceResult,
  Server,
} from "@modelcontextprotocol/server";
import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
} from "@modelcontextprotocol/server";

/** A kind of resources. */
export interface ResourceSource {
  /** A page, from its own cursor on. */
  list(cursor: string | undefined): Promise<ListResourcesResult>;
  templates(): ListResourceTemplatesResult["resourceTemplates"];
  owns(uri: string): boolean;
  read(uri: string): Promise<ReadResourceResult>;
}

/** Answers what clients ask of resources, one source after another. The server has the capability. */
export function serveResources(server: Server, sources: readonly ResourceSource[]): void {
  server.setRequestHandler("resources/list", ({ params }) =>
    speakable(() => listAll(sources, params?.cursor)),
  );
  server.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: sources.flatMap((source) => source.templates()),
  }));
  server.setRequestHandler("resources/read", ({ params: { uri } }) =>
    speakable(async () => {
      const source = sources.find((one) => one.owns(uri));
      if (!source)
        throw new ResourceNotFoundError(uri, `There is no resource ${JSON.stringify(uri)}.`);
      return source.read(uri);
    }),
  );
}

/** A cursor is the number of the source, a colon, and that source's own. */
async function listAll(
  sources: readonly ResourceSource[],
  cursor: string | undefined,
): Promise<ListResourcesResult> {
  const [, number, own] = /^(\d{1,3}):(.*)$/s.exec(cursor ?? "0:") ?? [];
  const index = Number(number);
  const source = sources[index];
  if (number === undefined || !source) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no page of that cursor.");
  }
  const { nextCursor, ...page } = await source.list(own === "" ? undefined : own);
  if (nextCursor !== undefined) return { ...page, nextCursor: `${index}:${nextCursor}` };
  return index + 1 < sources.length ? { ...page, nextCursor: `${index + 1}:` } : page;
}

/** Errors of ours have words that a client may see; the protocol's own pass as they are. */
async function speakable<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (!isCodemodeError(error)) throw error;
    const { code, message, retryable } = error;
    throw new ProtocolError(ProtocolErrorCode.InternalError, message, { code, retryable });
  }
}
