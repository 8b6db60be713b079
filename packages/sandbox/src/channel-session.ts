import { CodemodeError } from "@codemode/core";

import type { SandboxCapabilities } from "./capabilities.ts";
import { decodeGuestFrame } from "./decode-frame.ts";
import type { ExecuteResult, ExecutionError } from "./execute-result.ts";
import { hostError, syntaxError } from "./execution-error.ts";
import { checkImports, toCatalogLine } from "./guest-modules.ts";
import type { ExecuteLimits } from "./limits.ts";
import { completeLimits, wrongLimit } from "./limits.ts";
import { prepareProgram } from "./prepare-program.ts";
import type { RunningExecution } from "./run-execution.ts";
import { failedResult, runExecution } from "./run-execution.ts";
import type { ChannelExit } from "./sandbox-channel.ts";
import type {
  ExecuteRequest,
  GuestCatalog,
  SandboxSession,
  SandboxSessionOptions,
} from "./sandbox.ts";
import { checkSkillImports, importsSkills } from "./skill-imports.ts";
import type { StartedChannel } from "./start-guest.ts";
import { cancelled } from "./stop-reasons.ts";

/** What a session is made of. */
export interface ChannelSessionOptions extends Pick<SandboxSessionOptions, "catalog" | "onLost"> {
  readonly id: string;
  readonly channel: StartedChannel;
  readonly capabilities: Pick<SandboxCapabilities, "nodeApis">;
}

/** A session over a channel. */
export function createChannelSession(options: ChannelSessionOptions): SandboxSession {
  const { id, channel, catalog, onLost } = options;
  const guest: GuestState = {
    id,
    channel,
    nodeApis: options.capabilities.nodeApis,
    state: "ready",
    lostWhy: undefined,
    running: undefined,
    revision: undefined,
  };
  const numbers = createNumbers();
  let queue: Promise<unknown> = catalog ? giveCatalog(guest, catalog) : Promise.resolve();

  channel.onFrame((line) => {
    const frame = decodeGuestFrame(line);
    if (frame) guest.running?.onFrame(frame);
    else channel.kill();
  });
  channel.onExit((exit: ChannelExit) => {
    if (guest.state !== "closed") {
      guest.lostWhy = lostBecause(exit, guest.running !== undefined);
      guest.state = "lost";
    }
    guest.running?.onExit(exit);
    if (guest.lostWhy !== undefined) onLost?.(guest.lostWhy);
  });

  return {
    id,
    get state() {
      return guest.state;
    },
    async execute(request) {
      assertOpen(guest);
      const turn = queue.then(() => executeInGuest(guest, request, numbers));
      // The next one waits for this one, however it ends.
      queue = turn.catch(() => undefined);
      return turn;
    },
    [Symbol.asyncDispose]() {
      guest.state = "closed";
      channel.kill();
      return Promise.resolve();
    },
  };
}

interface GuestState {
  readonly id: string;
  readonly channel: StartedChannel;
  readonly nodeApis: boolean;
  state: SandboxSession["state"];
  /** Why it is lost, where it is. */
  lostWhy: string | undefined;
  running: RunningExecution | undefined;
  /** Of the catalog that the guest has. */
  revision: string | undefined;
}

/** Ahead of the first program: the guest takes it in while that is prepared. */
async function giveCatalog(guest: GuestState, catalog: GuestCatalog): Promise<void> {
  if (guest.channel.catalog === catalog) {
    guest.revision = catalog.revision;
    return;
  }
  const { line } = await toCatalogLine(catalog);
  guest.channel.send(line);
  guest.revision = catalog.revision;
}

// Past this many, a script that comes again gets a new number, which costs it a compilation.
const MAX_NUMBERS = 200;

/** Numbers scripts. One script keeps its number: the engine compiles a source that it knows only once. */
function createNumbers(): (script: string) => number {
  const numbers = new Map<string, number>();
  let last = 0;
  return (script) => {
    const known = numbers.get(script);
    if (known !== undefined) return known;
    const [oldest] = numbers.keys();
    if (numbers.size >= MAX_NUMBERS && oldest !== undefined) numbers.delete(oldest);
    last += 1;
    numbers.set(script, last);
    return last;
  };
}

async function executeInGuest(
  guest: GuestState,
  request: ExecuteRequest,
  numberOf: (script: string) => number,
): Promise<ExecuteResult> {
  const { executionId, code, catalog } = request;
  const limits = completeLimits(request.limits);
  const fail = (error: ExecutionError): ExecuteResult =>
    failedResult(error, { executionId, session: guest.id });

  const wrong = wrongLimit(limits);
  if (wrong) return fail(hostError(wrong));
  if (code.length > limits.maxSourceBytes) return fail(hostError(sourceTooLarge(code, limits)));
  const prepared = await prepareProgram(code);
  if (!prepared.ok) return fail(syntaxError(code, prepared.failure));
  const { program } = prepared;
  const wrongImport = checkImports(program, code, { catalog, nodeApis: guest.nodeApis });
  if (wrongImport) return fail(wrongImport);
  if (request.skillModules && importsSkills(program)) {
    const wrongSkill = await checkSkillImports(program, code, request.skillModules);
    if (wrongSkill) return fail(wrongSkill);
  }
  const given = catalog.revision === guest.revision ? undefined : await toCatalogLine(catalog);

  assertOpen(guest);
  if (guest.state === "lost") return fail(hostError(lostError(guest)));
  if (request.signal?.aborted) return fail(hostError(cancelled(request.signal)));
  const { channel, id: session } = guest;
  guest.revision = catalog.revision;
  guest.state = "running";
  const number = numberOf(program.script);
  guest.running = runExecution(channel, {
    request,
    program,
    limits,
    number,
    session,
    catalogLine: given?.line,
  });
  const result = await guest.running.result;
  guest.running = undefined;
  rest(guest);
  return result;
}

/** What happened while the program ran stands. */
function rest(guest: GuestState): void {
  if (guest.state === "running") guest.state = "ready";
}

function assertOpen(guest: GuestState): void {
  if (guest.state !== "closed") return;
  throw new CodemodeError("SANDBOX_DISPOSED", "This session is closed. Open a new one.");
}

function sourceTooLarge(code: string, { maxSourceBytes }: ExecuteLimits): CodemodeError {
  const message = `The program has ${code.length} characters; the limit is ${maxSourceBytes}. Run it in parts: variables live on.`;
  return new CodemodeError("SOURCE_TOO_LARGE", message);
}

function lostBecause(exit: ChannelExit, isRunning: boolean): string {
  const { outOfMemory, restless, signal, code } = exit;
  if (outOfMemory) return "an earlier program used more memory than its limit";
  if (restless) return "what an earlier program left running computed on after its end";
  if (isRunning) return "an earlier program was stopped by force, or crashed it";
  if (signal === undefined && code === undefined) return "the connection to it was cut";
  return `its process ended unexpectedly (${signal ?? `code ${code}`})`;
}

function lostError({ id, lostWhy = "it was stopped by force" }: GuestState): CodemodeError {
  const message = `Session "${id}" is gone with its variables, because ${lostWhy}. Open a new one.`;
  return new CodemodeError("SESSION_LOST", message);
}
