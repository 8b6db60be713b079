// A process of its own for sources that could overflow the transformer's stack: text in, JSON out.
import { text } from "node:stream/consumers";

import { transform } from "./strip-types.ts";

process.stdout.write(JSON.stringify(transform(await text(process.stdin))));
