import { readdir, readFile } from "node:fs/promises";

import type { JsonSchema } from "@codemode/core";
import { isRecord } from "@codemode/core";

import { isSchema } from "../../src/schema-document.ts";

/** One instance of the suite. */
export interface SuiteInstance {
  /** `draft7/items#3/1`: draft, file, place of the schema, place of the instance. */
  readonly id: string;
  readonly data: unknown;
  readonly valid: boolean;
}

/** A schema with its instances. */
export interface SuiteCase {
  readonly id: string;
  readonly schema: JsonSchema;
  readonly instances: readonly SuiteInstance[];
}

const FOLDER = new URL("../json-schema-test-suite/", import.meta.url);

/** All cases of one draft. `dialect` is what a schema that does not name its own is read as. */
export async function loadSuite(draft: string, dialect: string): Promise<readonly SuiteCase[]> {
  const folder = new URL(`${draft}/`, FOLDER);
  const files = (await readdir(folder)).toSorted();
  const cases = await Promise.all(
    files.map(async (file): Promise<readonly SuiteCase[]> => {
      const groups: unknown = JSON.parse(await readFile(new URL(file, folder), "utf8"));
      if (!Array.isArray(groups)) throw new Error(`${file} is no list`);
      const name = `${draft}/${file.replace(/\.json$/, "")}`;
      return groups.map((group: unknown, place) => readCase(`${name}#${place}`, group, dialect));
    }),
  );
  return cases.flat();
}

function readCase(id: string, group: unknown, dialect: string): SuiteCase {
  if (!isRecord(group) || !isSchema(group["schema"]) || !Array.isArray(group["tests"]))
    throw new Error(`${id} is no case`);
  const { schema, tests } = group;
  return {
    id,
    schema: typeof schema === "boolean" ? schema : { $schema: dialect, ...schema },
    instances: tests.map((instance: unknown, place) => {
      if (!isRecord(instance) || typeof instance["valid"] !== "boolean")
        throw new Error(`${id}/${place} is no instance`);
      return { id: `${id}/${place}`, data: instance["data"], valid: instance["valid"] };
    }),
  };
}
