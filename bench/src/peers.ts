import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { z } from "zod";

const folder = fileURLToPath(new URL("../peers", import.meta.url));

/** A comparable system: its name with version, and the module that drives it. */
export interface Peer {
  readonly label: string;
  readonly module: string;
}

const drivers = [
  { name: "@utcp/code-mode", module: "utcp.mjs" },
  { name: "@tanstack/ai-code-mode", module: "tanstack.mjs" },
  { name: "@ai-sdk/code-mode", module: "ai-sdk.mjs" },
] as const;

/** Installs the peers into a folder of their own, at exact versions, and names them. */
export function installPeers(): readonly Peer[] {
  const manifest = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  if (!existsSync(join(folder, "node_modules"))) {
    const args = ["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
    const install = spawnSync("npm", args, {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    });
    if (install.status !== 0) throw new Error("npm could not install the peers in bench/peers.");
  }
  return drivers.map(({ name, module }) => ({
    label: `${name} ${manifest.dependencies[name] ?? ""}`,
    module: join(folder, module),
  }));
}
