// Runs one program in the sandbox that the config beside this folder names.
import { fileURLToPath } from "node:url";

import { createSessionFromConfig } from "@codemode/config";

const cwd = fileURLToPath(new URL("..", import.meta.url));
await using codemode = await createSessionFromConfig({ cwd });
for (const { message } of codemode.diagnostics) process.stderr.write(`note: ${message}\n`);

const result = await codemode.session.execute("[1, 2, 3].map((n) => n ** 2)");
process.stdout.write(`${JSON.stringify(result.ok ? result.value : result.error)}\n`);
