import type { Requirement } from "./requirement.ts";

/** What becomes of errors. */
export const ERRORS = {
  "error.thrown": { behavior: "a thrown error comes back with name, message, line and frame" },
  "error.nested-function": {
    behavior: "an error in a function has the line of the function's body",
  },
  "error.callback": { behavior: "an error in a callback has the line of the callback" },
  "error.after-await": { behavior: "an error after an await has its line" },
  "error.class": { behavior: "an error in a method or constructor has its line" },
  "error.column": { behavior: "an error has the column where it happened" },
  "error.typescript-lines": {
    behavior: "lines are those of the source, whatever types were removed",
  },
  "error.syntax": { behavior: "a syntax error is placed and is phase compile" },
  "error.syntax-kinds": { behavior: "syntax errors of every kind name their line" },
  "error.runtime-syntax": { behavior: "a syntax error at run time is an error of the program" },
  "error.reference": { behavior: "an unknown name is a ReferenceError with its line" },
  "error.subclass": { behavior: "an error of the program's own class keeps its name" },
  "error.aggregate": { behavior: "an AggregateError tells what is inside, errors or not" },
  "error.cause": { behavior: "an error's cause is told" },
  "error.own-code": { behavior: "a program cannot claim one of our codes" },
  "error.non-error": { behavior: "a thrown non-error is described" },
  "error.primitives": { behavior: "thrown primitives of every type are described" },
  "error.odd-errors": { behavior: "frozen errors and errors without a stack are errors" },
  "error.long-message": { behavior: "a long message is cut, and its line told" },
  "error.rejection": { behavior: "a rejected top-level promise fails the program" },
  "error.unhandled-rejection": { behavior: "a rejection nobody handles is a warning" },
  "error.unhandled-in-timer": { behavior: "what a timer's callback throws is a warning" },
  "error.overflow": { behavior: "endless recursion is a RangeError; variables live on" },
  "error.after-failure": { behavior: "the next program works after a failed one" },
  "error.no-host-paths": { behavior: "errors and stacks name no place of the host" },
  "error.stack": { behavior: "a stack, as the program reads it, has the lines of its source" },
  "error.stack-own-frames": {
    behavior: "a stack shows frames of programs only, whoever prepares it",
  },
  "error.stack-earlier": { behavior: "a stack tells the frames of earlier programs apart" },
  "error.hostile-message": { behavior: "an error whose message throws is still an error" },
  "error.prepare-stack": {
    behavior: "a program's own Error.prepareStackTrace harms only its line",
  },
  "error.module": {
    behavior:
      "an error in a module of source fails the program with its message and the line of its import",
  },
  "error.module-syntax": { behavior: "a module that does not parse fails those that import it" },
  "error.empty": { behavior: "an empty program gives no value" },
} as const satisfies Readonly<Record<string, Requirement>>;
