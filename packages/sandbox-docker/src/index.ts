// The public list of this package. Every name added here is a promise.
export { createDockerSandbox } from "./docker-sandbox.ts";
export type { DockerSandboxOptions } from "./docker-sandbox.ts";
export type { ContainerLimits } from "./container-options.ts";
export type { NetworkAccess } from "./egress.ts";
