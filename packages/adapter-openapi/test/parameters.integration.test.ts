import type { JsonObject, JsonValue } from "@codemode/core";
import { afterAll, describe, expect, test } from "vitest";

import { adapterOf, callTool, specOf } from "./fixtures/call-tool.ts";
import { startService } from "./fixtures/http-service.ts";

const service = await startService(({ target, headers }) => ({
  json: { target, cookie: headers["cookie"] ?? null, color: headers["color"] ?? null },
}));
afterAll(() => service[Symbol.asyncDispose]());

interface Sent {
  readonly target: string;
  readonly cookie: string | null;
  readonly color: string | null;
}

async function sendWith(parameter: JsonObject, value: JsonValue): Promise<Sent> {
  const path = parameter["in"] === "path" ? "/x{color}" : "/x";
  const spec = specOf({
    [path]: { get: { operationId: "send", parameters: [{ name: "color", ...parameter }] } },
  });
  await using adapter = adapterOf(spec, { baseUrl: service.url });
  const sent = await callTool(adapter, "send", { color: value });
  return JSON.parse(JSON.stringify(sent));
}

const empty = "";
const text = "blue";
const list = ["blue", "black", "brown"];
const object = { R: 100, G: 200, B: 150 };

// The table of the specification: https://spec.openapis.org/oas/v3.1.1#style-examples
const table: readonly (readonly [string, boolean, readonly [JsonValue, string][]])[] = [
  [
    "matrix",
    false,
    [
      [empty, ";color"],
      [text, ";color=blue"],
      [list, ";color=blue,black,brown"],
      [object, ";color=R,100,G,200,B,150"],
    ],
  ],
  [
    "matrix",
    true,
    [
      [empty, ";color"],
      [text, ";color=blue"],
      [list, ";color=blue;color=black;color=brown"],
      [object, ";R=100;G=200;B=150"],
    ],
  ],
  [
    "label",
    false,
    [
      [empty, "."],
      [text, ".blue"],
      [list, ".blue,black,brown"],
      [object, ".R,100,G,200,B,150"],
    ],
  ],
  [
    "label",
    true,
    [
      [empty, "."],
      [text, ".blue"],
      [list, ".blue.black.brown"],
      [object, ".R=100.G=200.B=150"],
    ],
  ],
  [
    "simple",
    false,
    [
      [text, "blue"],
      [list, "blue,black,brown"],
      [object, "R,100,G,200,B,150"],
    ],
  ],
  [
    "simple",
    true,
    [
      [text, "blue"],
      [list, "blue,black,brown"],
      [object, "R=100,G=200,B=150"],
    ],
  ],
  [
    "form",
    false,
    [
      [empty, "color="],
      [text, "color=blue"],
      [list, "color=blue,black,brown"],
      [object, "color=R,100,G,200,B,150"],
    ],
  ],
  [
    "form",
    true,
    [
      [empty, "color="],
      [text, "color=blue"],
      [list, "color=blue&color=black&color=brown"],
      [object, "R=100&G=200&B=150"],
    ],
  ],
  [
    "spaceDelimited",
    false,
    [
      [list, "color=blue%20black%20brown"],
      [object, "color=R%20100%20G%20200%20B%20150"],
    ],
  ],
  [
    "pipeDelimited",
    false,
    [
      [list, "color=blue%7Cblack%7Cbrown"],
      [object, "color=R%7C100%7CG%7C200%7CB%7C150"],
    ],
  ],
  ["deepObject", true, [[object, "color[R]=100&color[G]=200&color[B]=150"]]],
];

const PATH_STYLES = new Set(["matrix", "label", "simple"]);

describe.each(table)("style %s, explode %s", (style, explode, rows) => {
  test.each(rows)("writes %j as the specification does", async (value, wanted) => {
    const place = PATH_STYLES.has(style) ? "path" : "query";

    const { target } = await sendWith({ in: place, style, explode, required: true }, value);

    expect(target).toBe(place === "path" ? `/x${wanted}` : `/x?${wanted}`);
  });
});

describe("headers and cookies", () => {
  test("a header has the style simple and is not escaped", async () => {
    expect((await sendWith({ in: "header" }, list)).color).toBe("blue,black,brown");
    expect((await sendWith({ in: "header", explode: true }, object)).color).toBe(
      "R=100,G=200,B=150",
    );
    expect((await sendWith({ in: "header" }, "a b/c?")).color).toBe("a b/c?");
  });

  test("a cookie has the style form", async () => {
    expect((await sendWith({ in: "cookie" }, "light blue")).cookie).toBe("color=light%20blue");
    expect((await sendWith({ in: "cookie", explode: false }, list)).cookie).toBe(
      "color=blue,black,brown",
    );
  });

  test.each(["a\r\nX-Evil: 1", "snow\u2603"])("%j is refused as a header", async (value) => {
    await expect(sendWith({ in: "header" }, value)).rejects.toMatchObject({
      code: "INVALID_ARGUMENTS",
      message: expect.stringContaining('"color" holds characters'),
    });
  });
});

describe("values", () => {
  test("separators in values are escaped, so that they stay values", async () => {
    const value = ["a,b", "c&d=e", "ü/+"];
    const { target } = await sendWith({ in: "query", explode: false }, value);
    expect(target).toBe("/x?color=a%2Cb,c%26d%3De,%C3%BC%2F%2B");
  });

  test("with allowReserved a URL goes as it is, but nothing that ends the value", async () => {
    const { target } = await sendWith({ in: "query", allowReserved: true }, "http://a/b?c=d&e#f+g");
    expect(target).toBe("/x?color=http://a/b?c=d%26e%23f%2Bg");
  });

  test("a parameter with content is one JSON text", async () => {
    const content = { "application/json": { schema: {} } };
    const { target } = await sendWith({ in: "query", content }, { a: [1] });
    expect(decodeURIComponent(target)).toBe('/x?color={"a":[1]}');
  });

  test("deepObject writes deeper values too", async () => {
    const { target } = await sendWith(
      { in: "query", style: "deepObject", explode: true },
      { size: { min: 1 }, tags: ["a", "b"] },
    );
    expect(target).toBe("/x?color[size][min]=1&color[tags][0]=a&color[tags][1]=b");
  });

  test("a slash in a path stays inside of its segment", async () => {
    const { target } = await sendWith({ in: "path", required: true }, "/a/../b");
    expect(target).toBe("/x%2Fa%2F..%2Fb");
  });
});

test.each(["..", "."])("a path segment %j is refused, because it leads elsewhere", async (id) => {
  const spec = specOf({ "/pets/{id}/toys": { get: { operationId: "toys" } } });
  await using adapter = adapterOf(spec, { baseUrl: service.url });

  await expect(callTool(adapter, "toys", { id })).rejects.toMatchObject({
    code: "INVALID_ARGUMENTS",
    message: expect.stringContaining("leads elsewhere"),
  });
});

test("a missing or empty path parameter is told by name", async () => {
  const spec = specOf({ "/pets/{id}": { get: { operationId: "getPet" } } });
  await using adapter = adapterOf(spec, { baseUrl: service.url });

  await expect(callTool(adapter, "getPet")).rejects.toThrow('"id" is missing');
  await expect(callTool(adapter, "getPet", { id: "" })).rejects.toThrow('"id" is empty');
});
