import type { JsonValue } from "@codemode/core";
import { parseJson } from "@codemode/core";

/** The data of all events, those of `type` only where one is named: a value each where it is JSON. */
export function eventValues(text: string, type?: string | null): JsonValue {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .split("\n\n")
    .flatMap((block) => {
      const event = readEvent(block);
      if (!event || (type && event.type !== type)) return [];
      return [parsed(event.data)];
    });
}

function readEvent(block: string): { readonly type: string; readonly data: string } | undefined {
  const data: string[] = [];
  let type = "message";
  for (const line of block.split("\n")) {
    const [, field, value = ""] = /^([^:]+)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "data") data.push(value);
    if (field === "event" && value !== "") type = value;
  }
  return data.length === 0 ? undefined : { type, data: data.join("\n") };
}

/** What a stream gave in all: the values of its lines, one JSON value, or a text. */
export function streamValue(text: string, contentType: string): JsonValue {
  if (/ndjson|jsonl|json-seq/.test(contentType))
    return text
      .replaceAll("\u001E", "\n")
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map(parsed);
  if (contentType.startsWith("text/event-stream")) return eventValues(text);
  return /\bjson\b/.test(contentType) ? parsed(text) : text;
}

function parsed(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    // Text is data too.
    return text;
  }
}
