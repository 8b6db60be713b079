import type { Requirement } from "./requirement.ts";

/** Names of the web platform. */
export const GLOBALS = {
  "global.url": { behavior: "URL is the platform's" },
  "global.search-params": { behavior: "URLSearchParams is the platform's" },
  "global.crypto": { behavior: "crypto has randomUUID, getRandomValues and subtle.digest" },
  "global.abort": { behavior: "AbortController and AbortSignal are the platform's" },
  "global.events": { behavior: "Event, CustomEvent, EventTarget and DOMException are there" },
  "global.clone": { behavior: "structuredClone copies all kinds of data, and cycles" },
  "global.text": { behavior: "TextEncoder and TextDecoder do UTF-8, right and wrong" },
  "global.base64": { behavior: "btoa and atob do base64, and refuse what is none" },
  "global.look": { behavior: "globals look like the platform's and are not listed" },
  "global.own": { behavior: "a program's own names go before the platform's" },
  "global.polluted": {
    behavior: "globals on changed prototypes tell nothing of the host",
    needs: { nodeApis: false },
    otherwise: "node.globals",
  },
  "global.deep": {
    behavior: "globals on a full stack tell nothing of the host",
    needs: { nodeApis: false },
    otherwise: "node.globals",
  },
} as const satisfies Readonly<Record<string, Requirement>>;
