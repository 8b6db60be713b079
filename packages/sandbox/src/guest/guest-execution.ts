import type { AbortFrame, CatalogFrame, ExecuteFrame } from "../protocol.ts";
import type { GuestRealm, ToolErrorFields } from "./guest-realm.ts";

declare function defineGlobal(realm: GuestRealm, name: string, value: unknown): void;
declare function showValues(values: readonly unknown[]): string;

/** What a prepared script gives: the program's body, to be called with how to import. */
type ProgramBody = (
  load: (specifier: string, asked?: unknown) => Promise<unknown>,
) => Promise<unknown>;

/** Takes the host's frames and answers each execution once. */
function installExecution(realm: GuestRealm): (frame: string) => void {
  return (frame) => {
    try {
      const body = realm.parse(realm.slice(frame, 1));
      const tag = frame[0];
      if (tag === "E") startExecution(realm, body as ExecuteFrame);
      else if (tag === "R") settleCalls(realm, body as Parameters<typeof settleCalls>[1]);
      else if (tag === "T") realm.fireTimers(body as number);
      else if (tag === "K") realm.useCatalog(body as CatalogFrame);
      else if (tag === "A") abortExecution(realm, body as AbortFrame);
      else if (tag === "Q") endIfStalled(realm, body as string);
    } catch {
      giveUp(realm);
    }
  };
}

/** The last word where the program has changed the language so far that nothing else can be said. */
function giveUp(realm: GuestRealm): void {
  const { execution } = realm;
  if (!execution) return;
  realm.execution = undefined;
  const message = "The program changed objects of the language that its sandbox relies on.";
  realm.write(
    `V{"id":"${execution.id}","ok":false,"error":{"code":"GUEST_ERROR","name":"Error","message":"${message}"},"warnings":[],"tail":[],"dropped":0}`,
  );
}

function startExecution(realm: GuestRealm, frame: ExecuteFrame): void {
  // What a program that was cut off left behind goes on for nobody.
  realm.execution = undefined;
  realm.dropPending();
  realm.clearTimers();
  realm.resetLogs();
  realm.warningCount = 0;
  realm.callCount = 0;
  realm.lateCount = 0;
  if (frame.interfaces) installInterfaces(realm, frame.interfaces);
  realm.usePlaces(frame);
  realm.execution = {
    id: frame.id,
    startedAt: realm.now(),
    maxValueLength: frame.maxValueLength,
    maxLogLength: frame.maxLogLength,
  };
  runProgram(realm, frame);
}

async function runProgram(realm: GuestRealm, frame: ExecuteFrame): Promise<void> {
  try {
    const source = `${frame.script}\n//# sourceURL=codemode:${frame.number}`;
    const body = realm.evaluate(source) as ProgramBody;
    const value = await body((specifier, asked) => realm.load(specifier, [], asked));
    if (realm.execution?.id === frame.id) endWithValue(realm, value);
  } catch (error) {
    if (realm.execution?.id !== frame.id) return;
    try {
      endWithError(realm, error);
    } catch {
      giveUp(realm);
    }
  }
}

function settleCalls(
  realm: GuestRealm,
  answers: readonly (readonly [callId: number, ok: 0 | 1, answer: unknown])[],
): void {
  for (let index = 0; index < answers.length; index += 1) {
    // By place: destructuring would ask the array's iterator, which a program can replace.
    const answer = answers[index];
    const call = answer && realm.pending[answer[0]];
    if (!call) continue;
    delete realm.pending[answer[0]];
    realm.answered(call);
    if (answer[1] === 1) call.resolve(answer[2]);
    else call.reject(realm.toolError(answer[2] as ToolErrorFields));
  }
}

function abortExecution(realm: GuestRealm, { id, code, message }: AbortFrame): void {
  if (realm.execution?.id !== id) return;
  endExecution(realm, errorOutcome(realm, { code, name: "Error", message, stack: "", extra: "" }), {
    code,
    message,
  });
}

/** Whatever was queued has run: without a call or timer, nothing will ever wake the program again. */
function endIfStalled(realm: GuestRealm, id: string): void {
  // Modules from outside have ways of their own to wake it.
  if (realm.execution?.id !== id || realm.importModule || realm.hasTimers()) return;
  if (realm.keysOf(realm.pending).length > 0) return;
  const message =
    "The program waits for a promise that nothing will settle: no call and no timer is running. Call its resolve or reject on every path.";
  endExecution(
    realm,
    errorOutcome(realm, { code: "STALLED", name: "Error", message, stack: "", extra: "" }),
  );
}

function endWithValue(realm: GuestRealm, value: unknown): void {
  const maxLength = realm.execution?.maxValueLength ?? 0;
  let json: string;
  try {
    json = realm.encode(value, { strict: false, root: "value", maxLength });
  } catch (error) {
    const { name, message } = error as Error;
    const code = name === "TooLarge" ? "RESULT_TOO_LARGE" : "RESULT_NOT_JSON";
    if (name !== "TooLarge" && name !== "NotJson") endWithError(realm, error);
    else
      endExecution(
        realm,
        errorOutcome(realm, { code, name: "TypeError", message, stack: "", extra: "" }),
      );
    return;
  }
  endExecution(realm, json === "" ? '"ok":true' : `"ok":true,"value":${json}`);
}

function endWithError(realm: GuestRealm, error: unknown): void {
  const fields = realm.toolErrorFields(error);
  const isObject = (typeof error === "object" && error !== null) || typeof error === "function";
  const thrown = isObject
    ? {
        name: readText(realm, error, "name") || "Error",
        message: thrownMessage(realm, error),
        stack: readFrames(realm, error),
      }
    : {
        name: "Error",
        message: `${error === "" ? "An empty text" : String(error)} was thrown`,
        stack: "",
      };
  let extra = "";
  if (fields) {
    extra = `,"tool":${realm.quote(String(fields.tool ?? ""))}`;
    try {
      const options = { strict: false, root: "details", maxLength: 8_000 };
      extra += `,"details":${realm.encode(fields.details ?? null, options)}`;
    } catch {
      // Details that are too large to show are left out; the message stands.
    }
  }
  const missing = isObject && error === realm.missingImport ? "IMPORT_NOT_FOUND" : "GUEST_ERROR";
  const code = fields?.code ?? missing;
  endExecution(realm, errorOutcome(realm, { ...thrown, code, extra }));
}

/** An error's words with those of what stands behind it; what is no error is shown as it is. */
function thrownMessage(realm: GuestRealm, error: unknown): string {
  const message = readText(realm, error, "message");
  try {
    if (message === "" && !(error instanceof Error))
      return `${cutText(realm, showValues([error]))} was thrown`;
    const { errors, cause } = error as { errors?: unknown; cause?: unknown };
    let behind = "";
    for (let index = 0; Array.isArray(errors) && index < errors.length && index < 3; index += 1) {
      behind += `${index === 0 ? "" : "; "}${shownReason(realm, errors[index])}`;
    }
    if (behind !== "") return `${message} (${behind})`;
    const reason = cause === undefined ? "" : shownReason(realm, cause);
    return reason === "" ? message : `${message} (cause: ${reason})`;
  } catch {
    // A member that throws tells nothing.
    return message;
  }
}

/** What stands behind an error, in a few words. */
function shownReason(realm: GuestRealm, reason: unknown): string {
  const message = readText(realm, reason, "message");
  return message === "" ? realm.slice(showValues([reason]), 0, 200) : message;
}

function errorOutcome(
  realm: GuestRealm,
  // All of them own members: a program may have put some of these names on Object.prototype.
  error: { code: string; name: string; message: string; stack: string; extra: string },
): string {
  const { code, name, message, stack, extra } = error;
  const { quote } = realm;
  return `"ok":false,"error":{"code":${quote(code)},"name":${quote(name)},"message":${quote(cutText(realm, message))},"stack":${quote(stack)}${extra}}`;
}

/** Sends what is left and the outcome; from here on the program is over. */
function endExecution(realm: GuestRealm, outcome: string, reason?: ToolErrorFields): void {
  const { execution, quote, warnings, warningCount } = realm;
  if (!execution) return;
  realm.flush();
  realm.flushLogs();
  const { tail, dropped } = realm.takeLogTail();
  realm.execution = undefined;
  realm.clearTimers();
  let notes = "";
  for (let index = 0; index < warningCount; index += 1) {
    notes += `${index === 0 ? "" : ","}${quote(warnings[index] ?? "")}`;
  }
  const id = quote(execution.id);
  realm.write(
    `V{"id":${id},${outcome},"warnings":[${notes}],"tail":[${tail}],"dropped":${dropped}}`,
  );
  // Now, while nothing runs: whoever still waits must not wake up in the next program.
  const ended = { code: "LATE_CALL", message: "The program ended before this call was answered." };
  realm.rejectPending(() => realm.toolError(reason ?? ended));
}

/** An error's frames without its message, which may be longer than all that is sent. */
function readFrames(realm: GuestRealm, error: unknown): string {
  try {
    const { message, stack } = error as Error;
    if (stack === undefined) return "";
    const text = String(stack);
    const names = [(error as Error).name, "Error"];
    for (let index = 0; index < names.length; index += 1) {
      const head = `${names[index]}: ${message}`;
      if (realm.slice(text, 0, head.length) === head)
        return cutText(realm, realm.slice(text, head.length));
    }
    return cutText(realm, text);
  } catch {
    return "";
  }
}

function readText(realm: GuestRealm, value: unknown, key: string): string {
  try {
    const member = (value as Record<string, unknown>)[key];
    return member === undefined ? "" : cutText(realm, String(member));
  } catch {
    return "";
  }
}

function cutText(realm: GuestRealm, text: string): string {
  return text.length > 8_000 ? `${realm.slice(text, 0, 8_000)}...` : text;
}

/** `__interfaces` and `__getToolInterface`, in both spellings: the tools' declarations as text. */
function installInterfaces(realm: GuestRealm, interfaces: Readonly<Record<string, string>>): void {
  const names = realm.keysOf(interfaces);
  defineGlobal(realm, "__interfaces", names.map((name) => interfaces[name]).join("\n\n"));
  const read = (name: string): string | null =>
    Object.hasOwn(interfaces, name) ? (interfaces[name] ?? null) : null;
  defineGlobal(realm, "__getToolInterface", read);
  defineGlobal(realm, "__get_tool_interface", read);
}

export const executionFunctions = [
  installExecution,
  giveUp,
  startExecution,
  runProgram,
  settleCalls,
  abortExecution,
  endIfStalled,
  endWithValue,
  endWithError,
  thrownMessage,
  shownReason,
  errorOutcome,
  endExecution,
  readFrames,
  readText,
  cutText,
  installInterfaces,
];
