// The public list of this package. Every name added here is a promise.
export { createIsolatedVmSandbox } from "./isolated-vm-sandbox.ts";
export type { IsolatedVmSandboxOptions } from "./isolated-vm-sandbox.ts";
