// A process of its own for sources that could overflow the parser's stack: text in, JSON out.
import { text } from "node:stream/consumers";

import { parse } from "./parse-module.ts";

const parsed = parse(await text(process.stdin));
process.stdout.write(
  JSON.stringify(parsed, (_key, value: unknown) =>
    typeof value === "bigint" || value instanceof RegExp ? null : value,
  ),
);
