// Measures one subject in a process of its own and prints its figures as one line of JSON.
import { pathToFileURL } from "node:url";

import { measure } from "./measure.ts";
import { benchTools } from "./subject.ts";
import type { BenchTools, Subject } from "./subject.ts";

/** What every subject's module exports. */
interface SubjectModule {
  createSubject(tools: BenchTools): Promise<Subject>;
}

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("Usage: worker.ts <subject module>");

const print = process.stdout.write.bind(process.stdout);
// Some systems log every call to stdout; that would be measured too.
process.stdout.write = () => true;
const subjectModule: SubjectModule = await import(pathToFileURL(path).href);
const subject = await subjectModule.createSubject(benchTools);
const figures = await measure(subject);
print(`${JSON.stringify(figures)}\n`, () => {
  // One of the systems never lets its process end by itself.
  process.kill(process.pid, "SIGKILL");
});
