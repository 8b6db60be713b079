// The way in from a bare machine: any Node from 20 on, npm and nothing else. Brings pnpm, and with
// it Node 24 and all packages, then runs the task on that Node. Plain JavaScript on purpose.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const windows = process.platform === "win32";

const tasks = {
  bench: ["node", "bench/src/main.ts"],
  demo: ["node", "examples/demo/src/main.ts"],
  setup: undefined,
  test: ["vitest", "run"],
};

/**
 * npm and pnpm keep what they download at home. One that cannot be written to, as users of containers
 * may have, is replaced by a folder of the checkout.
 */
function writableHome() {
  try {
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch {
    const home = join(root, "node_modules", ".cache", "home");
    mkdirSync(home, { recursive: true });
    console.error(`${homedir()} cannot be written to: downloads are kept in ${home}.`);
    return { HOME: home, npm_config_cache: join(home, ".npm") };
  }
}

function run(command, args, variables = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: windows,
    env: { ...process.env, ...variables, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` },
  });
  if (result.error) {
    console.error(`Cannot start "${command}": ${result.error.message}`);
    process.exit(1);
  }
  return result.status ?? 1;
}

/** pnpm keeps a copy of the lockfile it installed from; the same text means nothing is to be done. */
function isInstalled() {
  const installed = join(root, "node_modules", ".pnpm", "lock.yaml");
  if (!existsSync(installed) || !existsSync(join(bin, windows ? "node.CMD" : "node"))) return false;
  return readFileSync(installed, "utf8") === readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
}

function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  console.error(`Installing with ${packageManager} (once; about half a minute) ...`);
  const args = ["-y", packageManager, "install", "--frozen-lockfile", "--reporter=append-only"];
  const home = writableHome();
  let status = run("npx", args, home);
  if (status !== 0) {
    console.error("The install failed. It is tried once more, in case the network did ...");
    status = run("npx", args, home);
  }
  if (status !== 0) {
    console.error("The install failed. The lines above say why; then run the same command again.");
    process.exit(status);
  }
}

const [task = "setup", ...rest] = process.argv.slice(2);
if (!(task in tasks)) {
  console.error(`No task "${task}". There are: ${Object.keys(tasks).join(", ")}.`);
  process.exit(2);
}
if (!isInstalled()) install();
const command = tasks[task];
if (command) process.exit(run(command[0], [...command.slice(1), ...rest]));
