// What a package with a sandbox of its own tests it with.
export { REQUIREMENTS } from "./requirements.ts";
export type { Requirement, RequirementId } from "./requirements.ts";
export { testSandboxConformance } from "./sandbox-conformance.ts";
export type { SandboxConformanceOptions } from "./sandbox-conformance.ts";
