import { isCodemodeError } from "@codemode/core";
import type { ArtifactEntry, ArtifactStore } from "@codemode/storage";
import type {
  ListResourcesResult,
  ListResourceTemplatesResult,
  ReadResourceResult,
  Resource,
} from "@modelcontextprotocol/server";
import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
} from "@modelcontextprotocol/server";

import type { ResourceSource } from "./resources.ts";

const PREFIX = "artifact:///";
const PAGE = 100;
/** A client reads a resource whole; larger artifacts are read by ranges with `read_artifact`. */
const MAX_READ_BYTES = 4 * 1024 * 1024;

/** Artifacts as resources: `artifact:///<encoded name>`, `?version=2` for an older one. */
export function artifactResources(artifacts: ArtifactStore): ResourceSource {
  return {
    async list(cursor): Promise<ListResourcesResult> {
      const page = await artifacts.list({
        limit: PAGE,
        ...(cursor === undefined ? {} : { after: cursor }),
      });
      return {
        resources: page.artifacts.map(toResource),
        ...(page.next === undefined ? {} : { nextCursor: page.next }),
      };
    },
    templates: (): ListResourceTemplatesResult["resourceTemplates"] => [
      {
        uriTemplate: `${PREFIX}{name}{?version}`,
        name: "artifact",
        description: "Data that programs saved with artifacts.save; the newest version by default.",
      },
    ],
    owns: (uri) => uri.startsWith(PREFIX),
    async read(uri): Promise<ReadResourceResult> {
      const { name, version } = parseUri(uri);
      try {
        return await readWhole(artifacts, uri, { name, version });
      } catch (error) {
        if (
          isCodemodeError(error, "ARTIFACT_NOT_FOUND") ||
          isCodemodeError(error, "STORAGE_KEY_INVALID")
        )
          throw new ResourceNotFoundError(uri, error.message);
        throw error;
      }
    },
  };
}

function toResource(entry: ArtifactEntry): Resource {
  const { name, description, contentType, size, updatedAt } = entry;
  return {
    uri: `${PREFIX}${encodeURIComponent(name)}`,
    name,
    ...(description === "" ? {} : { description }),
    mimeType: contentType,
    size,
    annotations: { lastModified: updatedAt },
  };
}

async function readWhole(
  artifacts: ArtifactStore,
  uri: string,
  { name, version }: Asked,
): Promise<ReadResourceResult> {
  const asked = version === undefined ? {} : { version };
  const entry = await artifacts.get(name, asked);
  if (entry && entry.size > MAX_READ_BYTES) throw tooLarge(entry);
  const { data, entry: read } = await artifacts.part(name, asked);
  const content = { uri, mimeType: read.contentType };
  return {
    contents: [
      typeof data === "string"
        ? { ...content, text: data }
        : { ...content, blob: Buffer.from(data).toString("base64") },
    ],
  };
}

interface Asked {
  readonly name: string;
  readonly version: number | undefined;
}

function parseUri(uri: string): Asked {
  const [encoded = "", query] = uri.slice(PREFIX.length).split("?", 2);
  const asked = new URLSearchParams(query).get("version");
  try {
    // A name that is no name is answered like one that is not there.
    return {
      name: decodeURIComponent(encoded),
      version: asked === null ? undefined : Number(asked),
    };
  } catch {
    throw new ResourceNotFoundError(uri, `${JSON.stringify(uri)} is not correctly encoded.`);
  }
}

function tooLarge({ name, size }: ArtifactEntry): ProtocolError {
  const message = `The artifact ${JSON.stringify(name)} is ${size} bytes; as a resource at most ${MAX_READ_BYTES} are read. Read it by ranges with the tool read_artifact.`;
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
