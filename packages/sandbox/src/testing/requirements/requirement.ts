import type { SandboxCapabilities } from "../../capabilities.ts";

/** Capabilities that a requirement needs: by name, the value or one of several. */
export type NeededCapabilities = {
  readonly [Name in keyof SandboxCapabilities]?:
    | SandboxCapabilities[Name]
    | readonly SandboxCapabilities[Name][];
};

/** One thing that a sandbox does. */
export interface Requirement {
  readonly behavior: string;
  /** Where it holds. Default: everywhere. */
  readonly needs?: NeededCapabilities;
  /** The requirement that holds where this one does not. */
  readonly otherwise?: string;
}

/** Whether a requirement holds for a sandbox with these capabilities. */
export function requires(requirement: Requirement, capabilities: SandboxCapabilities): boolean {
  const promised: Readonly<Record<string, unknown>> = { ...capabilities };
  return Object.entries(requirement.needs ?? {}).every(([name, needed]) =>
    Array.isArray(needed) ? needed.includes(promised[name]) : needed === promised[name],
  );
}
