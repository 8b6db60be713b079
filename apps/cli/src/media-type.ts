import { extname } from "node:path";

/** What the ends of file names say of their content. */
const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ".csv": "text/csv",
    ".css": "text/css",
    ".gif": "image/gif",
    ".gz": "application/gzip",
    ".htm": "text/html",
    ".html": "text/html",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".jsonc": "text/plain",
    ".log": "text/plain",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ts": "text/plain",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".xml": "text/xml",
    ".yaml": "text/yaml",
    ".yml": "text/yaml",
    ".zip": "application/zip",
  }),
);

/** `application/octet-stream` for what the name does not tell. */
export function mediaTypeOf(file: string): string {
  return TYPES.get(extname(file).toLowerCase()) ?? "application/octet-stream";
}
