import { readFileSync } from "node:fs";

let info: { readonly name: string; readonly version: string } | undefined;

/** How servers are told who calls. */
export function clientInfo(): { readonly name: string; readonly version: string } {
  info ??= { name: "codemode", version: ownVersion() };
  return info;
}

function ownVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version }: { readonly version: string } = JSON.parse(text);
  return version;
}
