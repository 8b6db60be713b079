// What a package with an adapter of its own tests it with.
export { testAdapterConformance } from "./adapter-conformance.ts";
export type { AdapterConformanceOptions } from "./adapter-conformance.ts";
