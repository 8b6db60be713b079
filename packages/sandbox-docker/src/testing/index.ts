// What measures containers from outside.
export { createMemoryReader, createUsageReader, listContainers } from "./container-usage.ts";
export type { ContainerUsage, ReadContainers } from "./container-usage.ts";
