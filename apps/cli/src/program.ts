import { didYouMean } from "@codemode/core";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";

import { addArtifacts } from "./artifact-commands.ts";
import { collect, count } from "./option-values.ts";
import type { GlobalOptions } from "./options.ts";
import { EXIT, printJson, reportError } from "./output.ts";
import { ownVersion } from "./own-version.ts";
import { addSkills } from "./skills-commands.ts";
import { addStore } from "./store-commands.ts";

/** Runs one command line and gives its exit code. Nothing but a command's own module is loaded. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.ok;
  const act = (load: () => Promise<CommandModule>) => {
    // Commander hands the arguments, then the options, then the command.
    return async (...given: unknown[]): Promise<void> => {
      const command = given.at(-1);
      const options: GlobalOptions = command instanceof Command ? command.optsWithGlobals() : {};
      try {
        const { run } = await load();
        exitCode = await run(given.slice(0, -2), options);
      } catch (error) {
        exitCode = reportError(error, options);
      }
    };
  };
  const program = createProgram(act, argv);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    // Commander has told people; `--json` is owed its document.
    if (argv.includes("--json")) printJson(usageError(error));
    return EXIT.usage;
  }
}

function usageError({ code, message }: CommanderError): unknown {
  const text = code === "commander.help" ? "Give a command." : message.replace(/^error: /, "");
  return { ok: false, error: { code: "INVALID_ARGUMENTS", message: text } };
}

/** What a command's module offers. */
interface CommandModule {
  readonly run: (args: readonly unknown[], options: GlobalOptions) => Promise<number>;
}

/** Makes a command of what its module does; the module is loaded when it is run. */
export type Act = (load: () => Promise<CommandModule>) => (...given: unknown[]) => Promise<void>;

function createProgram(act: Act, argv: readonly string[]): Command {
  const program = new Command("codemode")
    .description("Run TypeScript programs that call tools, in a sandbox.")
    // Before Commander's own listener, which would print it in place of what a command gives.
    .on("option:version", () => {
      if (program.commands.every((command) => !argv.includes(command.name()))) return;
      const hint = "give it alone. An older version of an artifact or a skill: --at <version>";
      program.error(`error: --version is that of codemode: ${hint}`, { exitCode: EXIT.usage });
    })
    .version(ownVersion())
    .option("--config <file>", "config file (default: codemode.config.jsonc, .json or .yaml here)")
    .option("--json", "print one JSON document on standard output")
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("hint: codemode [command] --help says what it takes")
    .enablePositionalOptions(false)
    .addHelpText(
      "after",
      "\nExit codes: 0 ok, 1 the program or tool failed, 2 usage or configuration, 3 the sandbox or a server was unavailable.",
    );

  addExecution(program, act);
  addCatalog(program, act);
  addSkills(program, act);
  addProject(program, act);
  addArtifacts(program, act);
  addStore(program, act);
  addClients(program, act);
  program.on("command:*", ([name]: readonly string[]) => {
    const hint = didYouMean(
      name ?? "",
      program.commands.map((command) => command.name()),
    );
    program.error(`error: unknown command '${name ?? ""}'.${hint}`, { exitCode: EXIT.usage });
  });
  return program;
}

function addExecution(program: Command, act: Act): void {
  program
    .command("run")
    .description("run programs one after another in one session; the last one's value is printed")
    .argument("[files...]", "files with programs, - for standard input")
    .addOption(
      new Option("-c, --code <code>", "a program as text; may be given several times").argParser(
        collect,
      ),
    )
    .option("--session <handle>", "go on in a session of this process")
    .option("--sandbox <variant>", "where to run instead of the config's sandbox_variant")
    .option("--timeout <seconds>", "instead of the config's default_timeout", seconds)
    .action(act(() => import("./commands/run.ts")));
  program
    .command("call")
    .description("call one tool")
    .argument("<tool>", "its name: server.tool")
    .argument("[args...]", "a JSON object, key=value pairs, or - for JSON on standard input")
    .action(act(() => import("./commands/call.ts")));
  program
    .command("serve")
    .description("serve the meta-tools over MCP, on standard input and output or over HTTP")
    .option("--http", "over HTTP, as the config's http section says")
    .option("--host <address>", "over HTTP, on this address")
    .option("--port <port>", "over HTTP, on this port", portNumber)
    .action(act(() => import("./commands/serve.ts")));
}

function addCatalog(program: Command, act: Act): void {
  program
    .command("tools")
    .description("list tool names")
    .option("--server <name>", "of one server")
    .option("--all", "also deferred ones")
    .action(act(() => import("./commands/tools.ts")));
  program
    .command("search")
    .description("find tools by what they do")
    .argument("<query...>", "the need in words")
    .option("--server <name>", "of one server")
    .option("--limit <count>", "at most so many", count)
    .action(act(() => import("./commands/search.ts")));
  program
    .command("describe")
    .description("print a tool's TypeScript declaration")
    .argument("<tool>", "its name: server.tool")
    .action(act(() => import("./commands/describe.ts")));
  program
    .command("servers")
    .description("list servers and how they stand")
    .action(act(() => import("./commands/servers.ts")));
}

function addProject(program: Command, act: Act): void {
  program
    .command("generate")
    .description("write typed modules of all tools for editors")
    .option("--out <folder>", "instead of the config's generated_path")
    .action(act(() => import("./commands/generate.ts")));
  program
    .command("schema")
    .description("turn a JSON Schema on standard input into TypeScript that declares T")
    .option("--batch", "read a line of {id, schema} each, write a line of {id, ts} each")
    .addOption(
      new Option("--profile <profile>", "what the type is for")
        .choices(["input", "output", "exact"])
        .default("exact"),
    )
    .action(act(() => import("./commands/schema.ts")));
  program
    .command("auth")
    .description("log in to a server with a URL, or out")
    .argument("<server>", "its name in the config")
    .option("--logout", "forget the login")
    .action(act(() => import("./commands/auth.ts")));
  program
    .command("init")
    .description("write a commented codemode.config.jsonc")
    .action(act(() => import("./commands/init.ts")));
  program
    .command("doctor")
    .description("check Node, the sandbox, the config and every server")
    .option("--sandbox <variant>", "another sandbox than the config's sandbox_variant")
    .action(act(() => import("./commands/doctor.ts")));
}

function addClients(program: Command, act: Act): void {
  program
    .command("import")
    .description("write an MCP client's servers into the config, variables in the place of secrets")
    .argument("<client>", "claude-code, cursor, vscode, codex, ...; a wrong name tells all")
    .option("--dry-run", "only say what would be written")
    .action(act(() => import("./commands/import.ts")));
  program
    .command("install")
    .description("write codemode into an MCP client's own file")
    .argument("<client>", "claude-code, cursor, vscode, codex, ...; a wrong name tells all")
    .option("--project", "the project's file, instead of the user's")
    .option("--dry-run", "only say what would be written")
    .action(act(() => import("./commands/install.ts")));
}

function seconds(value: string): number {
  const given = Number(value);
  if (given > 0 && given <= 86_400) return given;
  throw new InvalidArgumentError("Give a number of seconds.");
}

function portNumber(value: string): number {
  const given = Number(value);
  if (Number.isSafeInteger(given) && given >= 0 && given <= 65_535) return given;
  throw new InvalidArgumentError("Give a port, 0 to 65535; 0 is any that is free.");
}
