import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the compiler says of one line of one file. */
export interface CompilerError {
  readonly file: string;
  /** Starts at 1. */
  readonly line: number;
  readonly text: string;
}

const TSC = fileURLToPath(new URL("bin/tsc", import.meta.resolve("typescript/package.json")));

const OPTIONS = {
  strict: true,
  noEmit: true,
  target: "es2025",
  lib: ["es2025"],
  types: [],
  module: "esnext",
  moduleResolution: "bundler",
  moduleDetection: "force",
};

/** Compiles the files (text by name) in a folder of their own, in one run of the compiler. */
export async function compile(
  files: ReadonlyMap<string, string>,
): Promise<readonly CompilerError[]> {
  const folder = await mkdtemp(join(tmpdir(), "codegen-test-"));
  try {
    const config = JSON.stringify({ compilerOptions: OPTIONS, files: [...files.keys()] });
    await writeFile(join(folder, "tsconfig.json"), config);
    await Promise.all([...files].map(([name, text]) => writeFile(join(folder, name), text)));
    const output = await runCompiler(folder);
    return parseErrors(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runCompiler(folder: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const args = [TSC, "-p", folder, "--pretty", "false"];
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  execFile(process.execPath, args, options, (error, stdout, stderr) => {
    // The exit code is not zero where there are errors in the files; those are the answer.
    if (error && stdout === "") reject(new Error(`tsc failed: ${stderr}`, { cause: error }));
    else resolve(stdout);
  });
  return promise;
}

function parseErrors(output: string): readonly CompilerError[] {
  const errors: CompilerError[] = [];
  for (const row of output.split("\n")) {
    const [, file, line, text] = /^([^\s(]+)\((\d+),\d+\): error (TS.*)$/.exec(row) ?? [];
    if (file !== undefined && text !== undefined) errors.push({ file, line: Number(line), text });
    else if (row.startsWith("error TS")) errors.push({ file: "", line: 0, text: row });
  }
  return errors;
}
