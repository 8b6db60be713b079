import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

// A few lines each, which run a public suite or many processes.
const LONG = /(?:conformance|leaks|attacks|questions|processes)\.[^/]+$/;

/**
 * Files in the order in which they are begun. Vitest takes the largest first, and what took longest
 * in a run before, which a fresh clone has not had: this order begins what takes long in few lines
 * before them, so that no worker is left alone with it at the end.
 */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's own, of no array
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project))];
    const rank = ({ project, moduleId }: TestSpecification): number =>
      2 * projects.indexOf(project) + (LONG.test(moduleId) ? 0 : 1);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
