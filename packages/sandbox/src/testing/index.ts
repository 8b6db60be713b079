// What a package with a sandbox of its own tests it with.
export { REQUIREMENTS } from "./requirements.ts";
export type { RequirementId } from "./requirements.ts";
export { requires } from "./requirements/requirement.ts";
export type { NeededCapabilities, Requirement } from "./requirements/requirement.ts";
export { testSandboxConformance } from "./sandbox-conformance.ts";
export type { SandboxConformanceOptions } from "./sandbox-conformance.ts";
export { describeSandboxAttacks } from "./sandbox-attacks.ts";
export type { SandboxAttacksOptions } from "./sandbox-attacks.ts";
export type { Attack } from "./attacks/attack.ts";
export { describeSandboxLeaks } from "./sandbox-leaks.ts";
export type { SandboxLeaksOptions } from "./sandbox-leaks.ts";
export { describeSandboxRest } from "./sandbox-rest.ts";
export type { SandboxRestOptions } from "./sandbox-rest.ts";
