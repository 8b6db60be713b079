import { runSkillTests } from "@codemode/session";

import { openSession } from "../../open-session.ts";
import { printDiagnostics, skillsOff } from "../../open-skills.ts";
import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson } from "../../output.ts";

/** Runs the tests that skills carry, offline. */
export async function run([name]: readonly unknown[], options: GlobalOptions): Promise<number> {
  // No server is asked: tools answer what was recorded.
  await using opened = await openSession(options, { discover: false });
  const { sandbox, session } = opened;
  if (!session.skills) throw skillsOff();
  // What cannot be read is not tested either.
  printDiagnostics((await session.skills.list({ limit: 1 })).diagnostics);
  const chosen = typeof name === "string" ? { name } : {};
  const tests = await runSkillTests({ store: session.skills, sandbox, ...chosen });
  const failed = tests.filter(({ ok }) => !ok).length;
  const passed = tests.length - failed;
  if (options.json) printJson({ ok: failed === 0, passed, failed, tests });
  else {
    for (const { skill, path, name: title, ok, message } of tests) {
      print(`${ok ? "ok  " : "FAIL"} ${skill} ${path}${title === path ? "" : `: ${title}`}`);
      if (message !== undefined) print(`     ${message}`);
    }
    print(tests.length === 0 ? "no tests" : `${passed} passed, ${failed} failed`);
  }
  return failed === 0 ? EXIT.ok : EXIT.failed;
}
