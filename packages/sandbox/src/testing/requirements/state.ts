import type { Requirement } from "./requirement.ts";

const kept = { needs: { persistent: true }, otherwise: "state.fresh" } as const;

/** What lives on between programs, and what a program's value is. */
export const STATE = {
  "state.variables": { behavior: "variables, functions and classes live on", ...kept },
  "state.destructured": { behavior: "destructured names live on, defaults and rest too", ...kept },
  "state.redeclare": { behavior: "names may be declared again, as anything", ...kept },
  "state.functions": { behavior: "functions are hoisted and can be replaced later", ...kept },
  "state.classes": { behavior: "classes live on and can be extended later", ...kept },
  "state.closures": { behavior: "closures share variables with later programs", ...kept },
  "state.nested-vars": { behavior: "a var in a block or loop lives on", ...kept },
  "state.blocks": { behavior: "let and const of a block end with it", ...kept },
  "state.exports": { behavior: "exported names live on", ...kept },
  "state.imports": { behavior: "imports live on", ...kept },
  "state.types": { behavior: "enums live on, types leave nothing behind", ...kept },
  "state.globals": { behavior: "members of globalThis are variables", ...kept },
  "state.promises": { behavior: "promises can be awaited by a later program", ...kept },
  "state.own-server": { behavior: "a variable with a server's name is left alone", ...kept },
  "state.after-throw": { behavior: "what was assigned before a throw lives on", ...kept },
  "state.after-syntax-error": { behavior: "a syntax error changes no variable", ...kept },
  "state.order": { behavior: "programs of one session run one after another", ...kept },
  "state.fresh": {
    behavior: "nothing lives on",
    needs: { persistent: false },
    otherwise: "state.variables",
  },
  "state.apart": { behavior: "two sessions never see each other" },
  "program.last-expression": { behavior: "the last expression is the value" },
  "program.functions-behind": { behavior: "functions behind the last expression change nothing" },
  "program.no-value": { behavior: "a program that ends in a declaration or loop has no value" },
  "program.return": { behavior: "a top-level return gives the value" },
  "program.await": { behavior: "top-level await works everywhere an expression does" },
  "program.object": { behavior: "an object literal alone is an object" },
  "program.function": { behavior: "a function alone is called" },
  "program.export-default": { behavior: "a default export is the value; a function is called" },
  "program.fence": { behavior: "a Markdown fence is taken off" },
  "program.typescript": { behavior: "TypeScript of every kind runs" },
  "program.directives": { behavior: "comments, directives and odd line ends change nothing" },
  "program.names": { behavior: "a program may use any name, ours too" },
} as const satisfies Readonly<Record<string, Requirement>>;
