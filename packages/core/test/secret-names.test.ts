import { expect, test } from "vitest";

import { secretsByName } from "../src/index.ts";

test.each([
  "GITHUB_TOKEN",
  "PGPASSWORD",
  "OPENAI_APIKEY",
  "X-Api-Key",
  "apiKeyId",
  "Authorization",
  "MY_AUTH",
  "GITLAB_PAT",
  "Cookie",
])("%s is the name of a secret", (name) => {
  expect(secretsByName({ [name]: "value" })).toContain("value");
});

test.each(["GIT_AUTHOR_NAME", "KEYBOARD", "TOKENIZER", "MAX_TOKENS", "PATH", "REGION", "X-Trace"])(
  "%s is not",
  (name) => {
    expect(secretsByName({ [name]: "value" })).toEqual([]);
  },
);

test("a secret behind the word of its scheme is one alone too", () => {
  expect(secretsByName({ Authorization: "Bearer abc" })).toEqual(["Bearer abc", "abc"]);
});
