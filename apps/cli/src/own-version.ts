import { readFileSync } from "node:fs";

/** As the package says: the file lies beside the sources and beside what is built of them. */
export function ownVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version }: { readonly version: string } = JSON.parse(text);
  return version;
}
