import { CodemodeError } from "@codemode/core";
import type { ExecuteResult } from "@codemode/sandbox";

import { openSession } from "../open-session.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson, printNote } from "../output.ts";
import { readSource } from "../read-input.ts";

/** Runs programs in one session. */
export async function run(args: readonly unknown[], options: GlobalOptions): Promise<number> {
  const [files] = args;
  const names = Array.isArray(files) ? files.map(String) : [];
  if (names.filter((name) => name === "-").length > 1)
    throw new CodemodeError("INVALID_ARGUMENTS", 'Standard input is one program: give "-" once.');
  const sources = [
    ...(await Promise.all(names.map((name) => readSource(name)))),
    ...(options.code ?? []),
  ];
  if (sources.length === 0) {
    if (process.stdin.isTTY)
      throw new CodemodeError(
        "INVALID_ARGUMENTS",
        "Give a program: a file, - for standard input, or -c CODE.",
      );
    sources.push(await readSource("-"));
  }
  await using opened = await openSession(options, { mentions: sources.join("\n") });
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  try {
    const { session } = opened;
    let result: ExecuteResult | undefined;
    for (const source of sources) {
      // oxlint-disable-next-line no-await-in-loop -- each program may use what those before it made
      result = await session.execute(source, {
        signal: interrupt.signal,
        ...(options.session === undefined ? {} : { session: options.session }),
        ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout * 1_000 }),
        onEvent: (event) => {
          if (event.type === "log" && !options.json) printNote(event.line.text);
        },
      });
      if (!result.ok) break;
    }
    if (!result) return EXIT.ok;
    report(result, options);
    if (interrupt.signal.aborted) return EXIT.interrupted;
    return result.ok ? EXIT.ok : programExitCode(result.error.code);
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}

const NO_VALUE = "note: the program gave no value: end it with an expression or a return";

/** What a program does wrong is its failure, whatever the kind; what it stood on may be missing. */
function programExitCode(code: string): number {
  if (code === "SESSION_NOT_FOUND") return EXIT.usage;
  const isMissing =
    code.startsWith("SANDBOX_") || code === "SERVER_UNAVAILABLE" || code === "SERVER_TIMEOUT";
  return isMissing ? EXIT.unavailable : EXIT.failed;
}

function report(result: ExecuteResult, { json }: GlobalOptions): void {
  if (json) {
    printJson(result);
    return;
  }
  for (const { message } of result.warnings) printNote(`warning: ${message}`);
  if (result.ok) {
    if (result.value === undefined) {
      // Where nothing at all came out, that may be a surprise.
      if (result.logs.length === 0) printNote(NO_VALUE);
      return;
    }
    print(typeof result.value === "string" ? result.value : JSON.stringify(result.value, null, 2));
    return;
  }
  const { name, code, message, frame, hints } = result.error;
  printNote(`error: ${name === "CodemodeError" || name === "Error" ? code : name}: ${message}`);
  if (frame !== undefined) printNote(frame);
  for (const hint of hints) printNote(`hint: ${hint}`);
}
