import type { JsonObject } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import type { SaveArtifactOptions } from "./artifact.ts";

const MAX_DESCRIPTION = 2_000;
const MAX_METADATA_BYTES = 8 * 1024;
// RFC 6838: a type, a subtype and parameters; nothing that could end a header.
const CONTENT_TYPE = /^[\w!#$&^.+-]{1,64}\/[\w!#$&^.+-]{1,64}(\s*;[\x20-\x7e]{0,120})?$/;
// A hundred years; also far from where a date overflows.
const MAX_TTL_SECONDS = 100 * 365 * 86_400;

/** What a save says of its data, with nothing left out. */
export interface CheckedOptions {
  readonly description: string;
  readonly metadata: JsonObject;
  readonly contentType: string | undefined;
  readonly ttlSeconds: number | undefined;
  readonly ifVersion: number | undefined;
}

/** `INVALID_ARGUMENTS` for what cannot be kept. Callers without types can give anything. */
export function checkSaveOptions(options: SaveArtifactOptions): CheckedOptions {
  const { description = "", metadata = {}, contentType, ttlSeconds, ifVersion } = options;
  if (typeof description !== "string" || description.length > MAX_DESCRIPTION)
    throw invalid(`"description" is text of at most ${MAX_DESCRIPTION} characters`);
  if (!isObject(metadata)) throw invalid('"metadata" is an object');
  if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_METADATA_BYTES)
    throw invalid(`"metadata" is at most ${MAX_METADATA_BYTES} bytes of JSON`);
  if (contentType !== undefined && !isContentType(contentType))
    throw invalid('"contentType" is a media type, such as "text/csv"');
  if (ttlSeconds !== undefined && !(ttlSeconds > 0 && ttlSeconds <= MAX_TTL_SECONDS))
    throw invalid('"ttlSeconds" is a number over 0');
  if (ifVersion !== undefined && !(Number.isSafeInteger(ifVersion) && ifVersion >= 0))
    throw invalid('"ifVersion" is the number of a version, or 0 for none');
  return { description, metadata, contentType, ttlSeconds, ifVersion };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isContentType(value: unknown): boolean {
  return typeof value === "string" && CONTENT_TYPE.test(value);
}

function invalid(rule: string): CodemodeError {
  return new CodemodeError("INVALID_ARGUMENTS", `In the options of an artifact, ${rule}.`);
}
