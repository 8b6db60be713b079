import { Option } from "commander";
import type { Command } from "commander";

import { collect, count } from "./option-values.ts";
import type { Act } from "./program.ts";

/** The commands about skills. */
export function addSkills(program: Command, act: Act): void {
  const skills = program.command("skills").description("look into skills, and keep them");
  addReading(skills, act);
  addRunning(skills, act);
  addWriting(skills, act);
}

function addReading(skills: Command, act: Act): void {
  skills
    .command("list")
    .description("list skills")
    .addOption(tags("with this tag; may be given several times"))
    .addOption(status("of this status (default: draft and active)"))
    .option("--limit <count>", "at most so many", count)
    .addOption(servers())
    .action(act(() => import("./commands/skills/list.ts")));
  skills
    .command("show")
    .description("print a skill: its instructions, its source, its parameters")
    .argument("<name>", "its name")
    .option("--at <version>", "an older version", count)
    .addOption(servers())
    .action(act(() => import("./commands/skills/show.ts")));
  skills
    .command("search")
    .description("find skills by what they do")
    .argument("<query...>", "the need in words")
    .option("--limit <count>", "at most so many", count)
    .addOption(servers())
    .action(act(() => import("./commands/skills/search.ts")));
  skills
    .command("versions")
    .description("list the versions of a skill")
    .argument("<name>", "its name")
    .option("--roll-back <version>", "make a new version of an old one", count)
    .action(act(() => import("./commands/skills/versions.ts")));
}

function addRunning(skills: Command, act: Act): void {
  skills
    .command("run")
    .description("run a skill in the sandbox")
    .argument("<name>", "its name")
    .argument("[args...]", "key=value pairs, one JSON object, or - for JSON on stdin")
    .option("--script <path>", "another script of it than its entry")
    .action(act(() => import("./commands/skills/run.ts")));
  skills
    .command("test")
    .description("run the tests that skills carry, offline, with recorded answers of tools")
    .argument("[name]", "only this skill's")
    .action(act(() => import("./commands/skills/test.ts")));
}

function addWriting(skills: Command, act: Act): void {
  skills
    .command("save")
    .description("save a new skill, or a new version")
    .argument("<name>", "its name; may be left out: then it is that of the file")
    .argument("[file]", "a TypeScript module, a folder with SKILL.md, or - for a module on stdin")
    .option("--description <text>", "what it does and when to use it")
    .addOption(tags("a tag; may be given several times"))
    .addOption(status("its status"))
    .action(act(() => import("./commands/skills/save.ts")));
  skills
    .command("delete")
    .description("delete skills with all their versions")
    .argument("<names...>", "their names")
    .action(act(() => import("./commands/skills/delete.ts")));
  skills
    .command("export")
    .description("write skills as files, or as one JSON document on standard output")
    .argument("[names...]", "only these")
    .option("--out <folder>", "a folder for the files")
    .action(act(() => import("./commands/skills/export.ts")));
  skills
    .command("import")
    .description("save the skills of a folder, or of a JSON document that export has written")
    .argument("<from>", "a folder, a file, or - for standard input")
    .action(act(() => import("./commands/skills/import.ts")));
}

function tags(text: string): Option {
  return new Option("--tag <tag>", text).argParser(collect);
}

function servers(): Option {
  return new Option("--servers", "connect the MCP servers, and see their skills too");
}

function status(text: string): Option {
  return new Option("--status <status>", text).choices(["draft", "active", "archived"]);
}
