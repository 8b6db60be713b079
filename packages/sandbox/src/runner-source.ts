import { readFileSync } from "node:fs";

import { transform } from "./prepare/strip-types.ts";

/**
 * A runner's file in TypeScript as the JavaScript that a child is given. Node would remove the types
 * in the child with WebAssembly, which takes gigabytes of address space and needs a compiler.
 */
export function runnerSource(file: URL): string {
  return transform(readFileSync(file, "utf8")).code;
}
