import type { ReadResourceResult, Resource, Server } from "@modelcontextprotocol/server";
import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
} from "@modelcontextprotocol/server";
import {
  DIRECTORY_MIME_TYPE,
  RESOURCES_DIRECTORY_READ_METHOD,
  SKILLS_EXTENSION_ID,
  SKILLS_GET_METHOD,
  SKILLS_LIST_METHOD,
} from "@modelcontextprotocol/server/ext/skills";
import { z } from "zod";

import type { ResourceSource } from "./resources.ts";
import type { ServedSkill, ServedSkills } from "./served-skills.ts";

/** What a server with skills declares: the extension, with folders that can be read. */
export const SKILLS_CAPABILITY = {
  extensions: { [SKILLS_EXTENSION_ID]: { directoryRead: true } },
};

const PREFIX = "skill://";
const MAX_URI_LENGTH = 2_000;
const pageParams = z.looseObject({ cursor: z.string().optional() });
const uriParams = z.looseObject({ uri: z.string() });
// From this revision on results say how long they hold; skills may change at any time.
const CACHED_SINCE = "2026-07-28";
const NOT_CACHED = { ttlMs: 0, cacheScope: "private" } as const;

/** Files of skills as resources: `skill://<name>/<path>`. */
export function skillResources(skills: ServedSkills): ResourceSource {
  return {
    // Where skills begin; the other files stand in `skills/list`, with digests.
    async list(cursor) {
      const { skills: page, ...rest } = await skills.list(cursor);
      return { resources: page.map(({ entry }) => toResource(entry)), ...rest };
    },
    templates: () => [
      {
        uriTemplate: `${PREFIX}{+path}`,
        name: "skill",
        description: "A file of a skill; SKILL.md has its instructions.",
      },
    ],
    owns: (uri) => uri.startsWith(PREFIX),
    async read(uri): Promise<ReadResourceResult> {
      const { name, path } = parseUri(uri);
      const content = (await skills.find(name))?.files.get(path);
      if (content === undefined) {
        throw new ResourceNotFoundError(uri, `There is no file ${JSON.stringify(uri)}.`);
      }
      const mimeType = mimeTypeOf(path, content);
      return typeof content === "string"
        ? { contents: [{ uri, mimeType, text: content }] }
        : { contents: [{ uri, mimeType, blob: Buffer.from(content).toString("base64") }] };
    },
  };
}

function toResource({ uri, frontmatter: { name, description } }: ServedSkill["entry"]): Resource {
  return { uri, name, description, mimeType: "text/markdown" };
}

/** Answers the methods of the MCP Skills extension. The server has the capability. */
export function serveSkills(server: Server, skills: ServedSkills): void {
  const caching = (): Partial<typeof NOT_CACHED> =>
    (server.getNegotiatedProtocolVersion() ?? "") >= CACHED_SINCE ? NOT_CACHED : {};
  server.setRequestHandler(SKILLS_LIST_METHOD, { params: pageParams }, async ({ cursor }) => {
    const { skills: page, ...rest } = await skills.list(cursor);
    return { skills: page.map(({ entry }) => entry), ...rest, ...caching() };
  });
  server.setRequestHandler(SKILLS_GET_METHOD, { params: uriParams }, async ({ uri }) => {
    const { name, path } = parseUri(uri);
    const found = path === "SKILL.md" ? await skills.find(name) : undefined;
    if (!found) throw notServed(uri, "skill");
    return { skill: found.entry, ...caching() };
  });
  server.setRequestHandler(
    RESOURCES_DIRECTORY_READ_METHOD,
    { params: uriParams },
    async ({ uri }) => {
      const { name, path } = parseUri(uri.replace(/\/$/, ""));
      const found = await skills.find(name);
      const resources = found ? childrenOf(found, name, path) : [];
      if (resources.length === 0) throw notServed(uri, "folder");
      return { resources, ...caching() };
    },
  );
}

/** Direct children of a folder inside a skill; of `""` those of the skill. */
function childrenOf({ files }: ServedSkill, name: string, folder: string): readonly Resource[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  const children = new Map<string, Resource>();
  for (const [path, content] of files) {
    if (!path.startsWith(prefix)) continue;
    const [child = "", ...deeper] = path.slice(prefix.length).split("/");
    const isFolder = deeper.length > 0;
    const uri = toUri(name, prefix + child);
    const mimeType = isFolder ? DIRECTORY_MIME_TYPE : mimeTypeOf(path, content);
    children.set(child, { uri, name: child, mimeType });
  }
  return [...children.values()];
}

function toUri(name: string, path: string): string {
  return `${PREFIX}${name}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** A name or path that no skill has where the URI is none of ours. */
function parseUri(uri: string): { readonly name: string; readonly path: string } {
  const rest =
    uri.startsWith(PREFIX) && uri.length <= MAX_URI_LENGTH ? uri.slice(PREFIX.length) : "";
  const [name = "", ...path] = rest.split("/");
  try {
    return { name, path: path.map(decodeURIComponent).join("/") };
  } catch {
    // A percent sign that begins no character.
    return { name: "", path: "" };
  }
}

function notServed(uri: string, what: "skill" | "folder"): ProtocolError {
  const shown = JSON.stringify(uri.slice(0, 200));
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `No ${what} is served at ${shown}. ${SKILLS_LIST_METHOD} names the skills.`,
  );
}

const MIME_TYPES: Readonly<Record<string, string>> = {
  md: "text/markdown",
  ts: "text/typescript",
  mts: "text/typescript",
  js: "text/javascript",
  mjs: "text/javascript",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  pdf: "application/pdf",
};

function mimeTypeOf(path: string, content: string | Uint8Array): string {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  const known = Object.hasOwn(MIME_TYPES, extension) ? MIME_TYPES[extension] : undefined;
  return known ?? (typeof content === "string" ? "text/plain" : "application/octet-stream");
}
