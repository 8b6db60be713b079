import type { JsonValue } from "@codemode/core";
import { expect } from "vitest";

import type { ExecuteRequest, HostFunction } from "../sandbox.ts";
import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";
import { CATALOG } from "./requests.ts";

const catalog = { ...CATALOG, revision: "with features", features: ["artifacts", "deps"] } as const;

/** What a session has besides tools: globals that functions of the host serve. */
export function testFeatures({ check, runAll }: Harness): void {
  check("call.features", async () => {
    const [result] = await runAll(["[typeof artifacts, typeof deps, typeof skills]"]);

    expect(valueOf(result)).toEqual(["undefined", "undefined", "undefined"]);
  });
  check("call.artifacts", async () => {
    const code = `
      await artifacts.save("t", "grüße", { description: "x" });
      await artifacts.save("j", { a: [1] });
      await artifacts.save("b", new Uint8Array([0, 128, 255]).subarray(1));
      const bytes = await artifacts.load("b");
      [await artifacts.load("t"), await artifacts.load("j"), bytes.constructor.name, Array.from(bytes)]`;

    const [result] = await runAll([code], { catalog, hostFunctions: artifactHost() });

    expect(valueOf(result)).toEqual(["grüße", { a: [1] }, "Uint8Array", [128, 255]]);
  });
  check("call.artifact-stretches", async () => {
    const asked: JsonValue[] = [];
    const load: HostFunction = async (args) => {
      asked.push(args);
      const end = asked.length * 2;
      return { kind: "text", data: `${asked.length}${asked.length}`, version: 7, end, until: 6 };
    };

    const request = { catalog, hostFunctions: { "artifacts.load": load } };
    const [result] = await runAll(['await artifacts.load("x")'], request);

    expect(valueOf(result)).toBe("112233");
    expect(asked.slice(1)).toEqual([
      ["x", { version: 7, start: 2, end: 6 }],
      ["x", { version: 7, start: 4, end: 6 }],
    ]);
  });
  check("call.deps", async () => {
    const names = ["add", "list", "remove", "sync"];
    const hostFunctions = Object.fromEntries(
      names.map((name) => [`deps.${name}`, echo(name)] as const),
    );
    const code =
      '[await deps.add("a"), await deps.list(), await deps.remove("b"), await deps.sync()]';

    const [result] = await runAll([code], { catalog, hostFunctions });

    expect(valueOf(result)).toEqual([
      ["add", ["a"]],
      ["list", []],
      ["remove", ["b"]],
      ["sync", []],
    ]);
  });
  check("call.large-value", async () => {
    const limits = { maxValueBytes: 1_000 };
    const large = 'var kept = "x".repeat(5_000); kept';

    const [whole, tooLarge] = await runAll([large, "kept + kept"], {
      limits,
      maxLargeValueBytes: 6_000,
    });
    const [refused] = await runAll([large], { limits });

    expect(valueOf(whole)).toBe("x".repeat(5_000));
    expect(whole).toMatchObject({ valueLength: 5_002 });
    expect(errorOf(tooLarge)).toMatchObject({ code: "RESULT_TOO_LARGE" });
    expect(errorOf(refused)).toMatchObject({ code: "RESULT_TOO_LARGE" });
  });
}

function echo(name: string): HostFunction {
  return async (args) => [name, args];
}

/** Keeps what is saved, and gives it in one stretch. */
function artifactHost(): ExecuteRequest["hostFunctions"] {
  const kept = new Map<JsonValue, { readonly kind: string; readonly data: string }>();
  const save =
    (kind: string | undefined): HostFunction =>
    async (args) => {
      const [name = "", data = ""] = asList(args);
      const isText = typeof data === "string";
      kept.set(name, {
        kind: kind ?? (isText ? "text" : "json"),
        data: isText ? data : JSON.stringify(data),
      });
      return null;
    };
  return {
    "artifacts.save": save(undefined),
    "artifacts.saveBytes": save("bytes"),
    "artifacts.load": async (args) => ({
      kind: "text",
      data: "",
      ...kept.get(asList(args)[0] ?? ""),
      version: 1,
      end: 1,
      until: 1,
    }),
  };
}

function asList(args: JsonValue): readonly JsonValue[] {
  return Array.isArray(args) ? args : [];
}
