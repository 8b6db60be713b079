import { isBuiltin } from "node:module";

import { CodemodeError } from "@codemode/core";

/** What is asked for, checked: nothing in it can be taken for an option, a URL or a path elsewhere. */
export type PackageSpec =
  | { readonly type: "package"; readonly name: string; readonly text: string }
  | { readonly type: "file"; readonly path: string };

// As the package manager's own rules for new names, and none that begins like an option.
const NAME = /^(?:@[a-z0-9][a-z0-9._~-]*\/)?[a-z0-9][a-z0-9._~-]*$/;
const MAX_NAME = 214;
const RANGE = /^[a-z0-9^~<>=*][a-z0-9.^~<>=*+| -]{0,99}$/i;
const FILE = /^file:\.\/([\w.@+-]+\/)*[\w.@+-]+\.tgz$/;

/** `INVALID_ARGUMENTS` for what is no package's name, with or without a range, and no archive in the workspace. */
export function parsePackageSpec(spec: string): PackageSpec {
  if (spec.startsWith("file:")) {
    if (!FILE.test(spec) || spec.split("/").includes("..")) {
      throw invalid(spec, 'a file is an archive in the workspace: "file:./package-1.0.0.tgz"');
    }
    return { type: "file", path: spec.slice("file:".length) };
  }
  const at = spec.indexOf("@", 1);
  const name = at < 0 ? spec : spec.slice(0, at);
  checkPackageName(name);
  if (at >= 0 && !RANGE.test(spec.slice(at + 1))) {
    throw invalid(spec, 'after the "@" comes a version, a range or a tag: "left-pad@^1.3.0"');
  }
  return { type: "package", name, text: spec };
}

/** The same for a bare name. */
export function checkPackageName(name: string): void {
  if (name.length > MAX_NAME) throw invalid(name, `a name has at most ${MAX_NAME} characters`);
  if (!NAME.test(name)) {
    throw invalid(name, 'a name is like "left-pad" or "@scope/name", in lower case');
  }
  if (name === "node_modules" || name === "favicon.ico") throw invalid(name, "that name is taken");
  if (isBuiltin(name)) throw invalid(name, "it is a module of Node: import it as it is");
}

function invalid(spec: string, rule: string): CodemodeError {
  const shown = JSON.stringify(spec.slice(0, 80));
  return new CodemodeError("INVALID_ARGUMENTS", `${shown} cannot be installed: ${rule}.`);
}
