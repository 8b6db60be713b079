import type { JsonObject, JsonValue } from "@codemode/core";
import { z } from "zod";

/** One field of a server's form. Its texts are the server's: untrusted. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly kind: "text" | "number" | "boolean" | "choice" | "choices";
  readonly isRequired: boolean;
  readonly initial: string | number | boolean | undefined;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  /** What is wrong with a typed text, if anything is. */
  readonly problem: (text: string) => string | undefined;
  /** A typed text as the value; nothing where none was typed. */
  readonly parse: (text: string) => JsonValue | undefined;
}

const titled = z.array(z.looseObject({ const: z.string(), title: z.string().optional() }));
const choicesSchema = z.looseObject({
  enum: z.array(z.string()).optional(),
  enumNames: z.array(z.string()).optional(),
  oneOf: titled.optional(),
  anyOf: titled.optional(),
});
const number = z.number().optional();
const fieldSchema = choicesSchema.extend({
  type: z.enum(["string", "number", "integer", "boolean", "array"]).default("string"),
  title: z.string().optional(),
  description: z.string().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional().catch(undefined),
  minimum: number,
  maximum: number,
  minLength: number,
  maxLength: number,
  items: choicesSchema.optional(),
});
const formSchema = z.looseObject({
  properties: z.record(z.string(), fieldSchema).default({}),
  required: z.array(z.string()).default([]),
});

type FieldSchema = z.output<typeof fieldSchema>;

/** The fields of a form in their order. Throws where it is none. */
export function readFormFields(schema: JsonObject): readonly FormField[] {
  const { properties, required } = formSchema.parse(schema);
  return Object.entries(properties).map(([name, field]) => {
    const isRequired = required.includes(name);
    const details = field.description === undefined ? "" : ` (${field.description})`;
    return {
      name,
      label: `${field.title ?? name}${details}${isRequired ? "" : ", optional"}`,
      kind: kindOf(field),
      isRequired,
      initial: field.default,
      choices: choicesOf(field.type === "array" ? (field.items ?? {}) : field),
      problem: (text) => problemOf(text, field, isRequired),
      parse: (text) => (text === "" ? undefined : valueOf(text, field)),
    };
  });
}

function kindOf(field: FieldSchema): FormField["kind"] {
  if (field.type === "boolean") return "boolean";
  if (field.type === "array") return "choices";
  if (choicesOf(field).length > 0) return "choice";
  return field.type === "string" ? "text" : "number";
}

function choicesOf(schema: z.output<typeof choicesSchema>): FormField["choices"] {
  const { enum: values = [], enumNames = [], oneOf, anyOf } = schema;
  const named = oneOf ?? anyOf;
  if (named) return named.map((one) => ({ value: one.const, label: one.title ?? one.const }));
  return values.map((value, index) => ({ value, label: enumNames[index] ?? value }));
}

function valueOf(text: string, { type }: FieldSchema): JsonValue {
  return type === "number" || type === "integer" ? Number(text) : text;
}

function problemOf(text: string, field: FieldSchema, isRequired: boolean): string | undefined {
  if (text === "") return isRequired ? "Type something." : undefined;
  const { type, minimum, maximum, minLength, maxLength } = field;
  if (type === "string") return rangeProblem(text.length, [minLength, maxLength], "characters");
  const value = Number(text);
  if (!Number.isFinite(value)) return "Type a number.";
  if (type === "integer" && !Number.isSafeInteger(value)) return "Type a whole number.";
  return rangeProblem(value, [minimum, maximum], "");
}

function rangeProblem(
  value: number,
  [least, most]: readonly [number | undefined, number | undefined],
  unit: string,
): string | undefined {
  if (least !== undefined && value < least) return `At least ${least} ${unit}`.trim();
  if (most !== undefined && value > most) return `At most ${most} ${unit}`.trim();
  return undefined;
}
