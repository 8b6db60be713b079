import type { Requirement } from "./requirement.ts";

const sealed = { needs: { nodeApis: false }, otherwise: "node.globals" } as const;

/** What programs try, by design or by accident. */
export const ESCAPES = {
  "escape.function-constructor": {
    behavior: "no object leads to a constructor of the host",
    ...sealed,
  },
  "escape.globals": {
    behavior: "no process, require or network of the host is there",
    ...sealed,
  },
  "escape.call-sites": {
    behavior: "a stack's call sites lead to no function or object",
    ...sealed,
  },
  "escape.secrets": {
    behavior: "nothing that a program can reach names a path or variable of the host",
    ...sealed,
  },
  "node.globals": {
    behavior: "process, require and Buffer are there, the host's environment is not",
    needs: { nodeApis: true },
    otherwise: "escape.globals",
  },
  "node.places": {
    behavior: "stacks and process name no place of the runner, nor how it was started",
    needs: { nodeApis: true },
    otherwise: "escape.secrets",
  },
  "node.others": {
    behavior: "no signal, debugger or priority reaches another process; no database opens",
    needs: { nodeApis: true },
    otherwise: "escape.globals",
  },
  "escape.network": {
    behavior: "no connection reaches the host",
    needs: { network: false },
    otherwise: "node.network",
  },
  "node.network": {
    behavior: "programs may open connections",
    needs: { network: true },
    otherwise: "escape.network",
  },
  "escape.this": { behavior: "this is undefined in a program" },
  "escape.brackets": { behavior: "brackets that close ours are a syntax error" },
  "escape.source-url": { behavior: "a program cannot take another name in stacks" },
  "escape.own-names": { behavior: "the runtime's own names and parts are out of reach" },
  "escape.prototypes": { behavior: "changed prototypes of the language change no result" },
  "escape.replaced-globals": {
    behavior: "a replaced JSON, Promise or console breaks nothing of ours",
  },
  "escape.replaced-promise": { behavior: "calls work and fail with a replaced Promise" },
  "escape.replaced-json": { behavior: "calls work and fail with a replaced JSON" },
  "escape.replaced-to-string": {
    behavior: "calls work and fail with a replaced Object.prototype.toString",
  },
  "escape.replaced-array": { behavior: "calls work and fail with an emptied Array.prototype" },
  "escape.replaced-call": {
    behavior: "calls work and fail with a replaced Function.prototype.call, apply and bind",
  },
  "escape.replaced-iterator": { behavior: "calls work and fail with replaced iterators" },
  "escape.replaced-error": { behavior: "calls work and fail with replaced errors" },
  "escape.replaced-text": { behavior: "calls work and fail with an emptied String.prototype" },
  "escape.replaced-object": { behavior: "calls work and fail with an emptied Object" },
  "escape.replaced-then": {
    behavior: "a then on Object.prototype harms its own session only, in typed results",
  },
  "escape.forged-frames": { behavior: "text that looks like a frame is only text" },
  "escape.forged-errors": { behavior: "a forged ToolError is the program's own error" },
  "escape.proxy-result": { behavior: "a hostile proxy as value ends in an error" },
  "escape.proxy-thrown": { behavior: "a hostile proxy as error ends in an error" },
  "escape.assigned-tools": { behavior: "tools of a namespace cannot be replaced" },
  "escape.tools-sealed": { behavior: "a namespace cannot be redefined or given a prototype" },
} as const satisfies Readonly<Record<string, Requirement>>;
