import { expect, test } from "vitest";

import { createErrorWords } from "../src/error-words.ts";
import { exitError } from "../src/process-errors.ts";

const words = createErrorWords({ name: "web", command: "npx", env: { KEY: "sk-123456" } });

test.each([
  [
    "npx without the package",
    "npm error code E404\nnpm error 404 Not Found - GET http://127.0.0.1/nope\nnpm error 404\nnpm error 404  'nope@*' is not in this registry.\nnpm error A complete log of this run can be found in: /root/.npm/_logs/1.log\n",
    "E404 Not Found - GET http://127.0.0.1/nope 'nope@*' is not in this registry.",
  ],
  [
    "a script of npm",
    "Error: no key\nnpm error Lifecycle script `start` failed with error:\nnpm error code 1\n",
    "Error: no key",
  ],
  [
    "Python",
    "Traceback (most recent call last):\n  File \"/opt/app/main.py\", line 1, in <module>\n    import nope\nModuleNotFoundError: No module named 'nope'\n",
    "ModuleNotFoundError: No module named 'nope'",
  ],
  [
    "Node",
    "node:internal/modules:1\n  throw err;\n\nError: Cannot find module '/opt/app/nope.mjs'\n    at a (/opt/app/b.js:1:1)\n\nNode.js v24.0.0\n",
    "Error: Cannot find module '.../nope.mjs'",
  ],
  [
    "a program of few words",
    "starting\nKEY sk-123456 is not valid\n",
    "starting KEY [secret] is not valid",
  ],
  ["a module as a URL", "bad file file:///opt/app/server.mjs:3\n", "bad file .../server.mjs:3"],
])("of what %s prints, that which says why is told", (_who, stderr, said) => {
  const { message, retryable } = exitError({ code: 1, signal: null, stderr }, words);

  expect(message).toBe(`Server "web" ended with code 1: ${said}`);
  expect(retryable).toBe(true);
});

test("a process that ended by a signal, without a word, is told so", () => {
  const { message } = exitError({ code: null, signal: "SIGKILL", stderr: "" }, words);

  expect(message).toBe('Server "web" ended by SIGKILL, without a word');
});

test.each([
  ["a flag", ["--api-key", "sk-abcdef"], "key sk-abcdef"],
  ["a flag with its value", ["--api-key=sk-abcdef"], "key sk-abcdef"],
  ["a URL", ["postgres://me:p%40ss-word@db.example/x"], "password p@ss-word"],
  ["a flag with a URL", ["--url=redis://:p%40ss-word@db.example"], "password p%40ss-word"],
])("a secret in %s of the arguments is not repeated", (_where, args, stderr) => {
  const { message } = exitError(
    { code: 1, signal: null, stderr },
    createErrorWords({ name: "web", command: "npx", args }),
  );

  expect(message).toMatch(/^Server "web" ended with code 1: (?:key|password) \[secret\]$/);
});

test("of a secret of several lines none is repeated, although only the last are told", () => {
  const key = "-----BEGIN KEY-----\nfirst-half\nsecond-half\n-----END KEY-----";
  const env = { KEY: key };

  const { message } = exitError(
    { code: 1, signal: null, stderr: `cannot use\n${key}\n` },
    createErrorWords({ name: "web", command: "npx", env }),
  );

  expect(message).toBe('Server "web" ended with code 1: cannot use [secret]');
});
