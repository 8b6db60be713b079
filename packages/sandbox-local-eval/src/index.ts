// The public list of this package. Every name added here is a promise.
export { createLocalEvalSandbox } from "./local-eval-sandbox.ts";
export type { LocalEvalSandboxOptions } from "./local-eval-sandbox.ts";
