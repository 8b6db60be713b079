import type { BenchTools, Subject } from "./subject.ts";

/** No sandbox and no border: the program is a function of the host. The floor that nothing passes. */
export function createSubject(tools: BenchTools): Promise<Subject> {
  const run = (code: string): Promise<unknown> => {
    // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- this is the point: code without any sandbox
    const program = new Function("tools", `return (async () => {\n${code}\n})()`);
    return Promise.resolve(program(tools));
  };
  return Promise.resolve({
    runFresh: run,
    runSession: run,
    call: (tool, args) => `tools.${tool}(${args})`,
  });
}
