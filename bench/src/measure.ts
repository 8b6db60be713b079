import type { Subject } from "./subject.ts";

/** Best values of one pass, in microseconds; `undefined` where a subject has no such thing. */
export interface Figures {
  readonly sessionExecute: number | undefined;
  readonly freshExecute: number;
  readonly serialCall: number;
  readonly parallelCall: number;
  /** Ten tools of 50 ms each, together. */
  readonly tenTools: number;
  /** A program of 57 lines that makes 55 tool calls. */
  readonly longProgram: number;
}

const SERIAL_CALLS = 200;
const PARALLEL_CALLS = 1000;
const PAYLOAD = `{ text: "${"x".repeat(88)}" }`;

const FEWEST_RUNS = 3;

/** The best of as many runs as fit in `ms`: every subject gets the same time to become fast. */
async function best(
  ms: number,
  run: () => Promise<unknown>,
  rest?: () => Promise<void> | undefined,
): Promise<number> {
  const end = performance.now() + ms;
  let least = Infinity;
  for (let n = 0; n < FEWEST_RUNS || performance.now() < end; n += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one run at a time is what is measured
    await rest?.();
    const start = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- one run at a time is what is measured
    await run();
    least = Math.min(least, performance.now() - start);
  }
  return least * 1000;
}

/** 57 lines: 55 awaited calls between a first and a last line. */
function longProgram(subject: Subject): string {
  const calls = Array.from(
    { length: 55 },
    (_, n) => `total += (await ${subject.call("echo", `{ text: "${n}" }`)}).text.length;`,
  );
  return ["let total = 0;", ...calls, "return total;"].join("\n");
}

/** One pass over a subject. Loops are measured from outside and the cost of an empty run is taken off. */
export async function measure(subject: Subject): Promise<Figures> {
  const run = (code: string): Promise<unknown> =>
    subject.runSession ? subject.runSession(code) : subject.runFresh(code);
  const echo = subject.call("echo", PAYLOAD);
  const sleep = subject.call("sleep", "{ ms: 50 }");
  const execute = await best(2_000, () => run("return 1+1"));
  const serial = await best(1_500, () =>
    run(`for (let n = 0; n < ${SERIAL_CALLS}; n++) await ${echo};\nreturn 1`),
  );
  const parallel = await best(1_500, () =>
    run(`await Promise.all(Array.from({ length: ${PARALLEL_CALLS} }, () => ${echo}));\nreturn 1`),
  );
  const tenTools = await best(300, () =>
    run(`await Promise.all(Array.from({ length: 10 }, () => ${sleep}));\nreturn 1`),
  );
  const program = longProgram(subject);
  return {
    sessionExecute: subject.runSession ? execute : undefined,
    freshExecute: await best(
      5_000,
      () => subject.runFresh("return 1+1"),
      () => subject.rest?.(),
    ),
    serialCall: (serial - execute) / SERIAL_CALLS,
    parallelCall: (parallel - execute) / PARALLEL_CALLS,
    tenTools,
    longProgram: await best(1_000, () => run(program)),
  };
}
