import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";

import type { Act } from "./program.ts";

/** `codemode artifacts ...`. */
export function addArtifacts(program: Command, act: Act): void {
  const artifacts = program
    .command("artifacts")
    .description("list, read, write and delete what programs keep with artifacts.save");
  artifacts
    .command("list")
    .description("list artifacts")
    .argument("[prefix]", "those whose names begin so")
    .action(act(() => import("./commands/artifacts-list.ts")));
  artifacts
    .command("get")
    .description("write an artifact to standard output, or into a file")
    .argument("<name>", "its name")
    .option("-o, --output <file>", "the file")
    .option("--at <version>", "an older version", wholeNumber)
    .action(act(() => import("./commands/artifacts-get.ts")));
  artifacts
    .command("put")
    .description("save a file as an artifact; prints its name and version")
    .argument("<file>", "the file, - for standard input")
    .option("--name <name>", "instead of the file's own")
    .option("--description <text>", "what it is")
    .option("--type <type>", "its media type, instead of the one its name tells")
    .addOption(new Option("--ttl <seconds>", "until it is gone").argParser(ttlSeconds))
    .action(act(() => import("./commands/artifacts-put.ts")));
  artifacts
    .command("rm")
    .description("delete artifacts with all their versions")
    .argument("<names...>", "their names")
    .action(act(() => import("./commands/artifacts-rm.ts")));
}

function wholeNumber(value: string): number {
  const given = Number(value);
  if (Number.isSafeInteger(given) && given > 0) return given;
  throw new InvalidArgumentError("Give a whole number.");
}

function ttlSeconds(value: string): number {
  const given = Number(value);
  if (given > 0 && Number.isFinite(given)) return given;
  throw new InvalidArgumentError("Give a number of seconds.");
}
