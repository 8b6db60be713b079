import { isRecord } from "@codemode/core";

import type { JsonRecord } from "./json-record.ts";
import { recordAt } from "./json-record.ts";
import { chooseMediaType, sortMediaTypes } from "./media-type.ts";

/** What a successful call may give. */
export interface OperationAnswer {
  /** Each declared success; without a media type it has no body. */
  readonly successes: readonly { readonly mediaType?: string; readonly schema?: unknown }[];
  /** For the header `Accept`. */
  readonly accept: string;
}

/** Reads the declared successes; `default` counts where there are none. */
export function readAnswer(responses: JsonRecord): OperationAnswer {
  const statuses = Object.keys(responses).filter((status) => /^2(\d\d|XX)$/i.test(status));
  const chosen = statuses.length > 0 ? statuses : ["default"];
  const contents = chosen
    .filter((status) => isRecord(responses[status]))
    .map((status) => recordAt(recordAt(responses, status), "content"));
  const successes = contents.map((content) => {
    const mediaType = chooseMediaType(Object.keys(content));
    if (mediaType === undefined) return {};
    return { mediaType, schema: recordAt(content, mediaType)["schema"] };
  });
  const all = sortMediaTypes([...new Set(contents.flatMap((content) => Object.keys(content)))]);
  return { successes, accept: acceptHeader(all) };
}

function acceptHeader(mediaTypes: readonly string[]): string {
  const usable = mediaTypes.filter((type) =>
    /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+(\s*;[ \w=."+-]+)?$/.test(type),
  );
  if (usable.length === 0) return "application/json, */*;q=0.5";
  const weighted = usable.map((type, index) =>
    index === 0 ? type : `${type};q=0.${Math.max(2, 9 - index)}`,
  );
  return [...weighted, ...(usable.includes("*/*") ? [] : ["*/*;q=0.1"])].join(", ");
}
