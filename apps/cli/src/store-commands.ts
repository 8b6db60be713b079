import type { Command } from "commander";
import { Option } from "commander";

import type { Act } from "./program.ts";
import { COLLECTION_TYPES } from "./store/collection.ts";

const FOLDER = "a folder with skills/, artifacts/ and tools/ in it (default: this one)";
const YES = "with --clear, also where the folder has nothing, so that nothing is left in the store";

/** The commands between a folder and the store. */
export function addStore(program: Command, act: Act): void {
  const store = program
    .command("store")
    .description("move skills, artifacts and tool files between a folder and the store");
  const add = (name: string, description: string): Command =>
    store
      .command(name)
      .description(description)
      .addOption(new Option("--type <type>", "only these").choices(COLLECTION_TYPES))
      .option("--redis <url>", "this Redis instead of the config's storage")
      .option("--prefix <prefix>", "what its keys begin with (default: codemode)");
  add("list", "list what the store has").action(act(() => import("./commands/store/list.ts")));
  add("diff", "compare: + in the folder only, - in the store only, ~ different, = the same")
    .argument("[folder]", FOLDER)
    .action(act(() => import("./commands/store/diff.ts")));
  add("push", "save what the folder has and the store has not, or has otherwise")
    .argument("[folder]", FOLDER)
    .option("--clear", "and delete from the store what the folder has not")
    .option("--yes", YES)
    .action(act(() => import("./commands/store/push.ts")));
  add("bootstrap", "fill a new store from the folder; what is there already stays")
    .argument("[folder]", FOLDER)
    .option("--clear", "delete what is there first, with all versions")
    .option("--yes", YES)
    .action(act(() => import("./commands/store/bootstrap.ts")));
  add("pull", "write into the folder what the store has and the folder has not, or has otherwise")
    .argument("[folder]", FOLDER)
    .action(act(() => import("./commands/store/pull.ts")));
}
