import type { GuestRealm } from "./guest-realm.ts";
import type { SkillModule, SkillSpace } from "./skill-spaces.ts";
import type { CheckedValue } from "./skill-values.ts";

declare function isPlainObject(value: unknown): boolean;
declare function wrongValue(realm: GuestRealm, given: unknown, checked: CheckedValue): string;

type Arguments = readonly unknown[];

/** Arguments as the function takes them: named ones one by one where it takes them so. */
function arrangeArguments(
  space: SkillSpace,
  module: SkillModule,
  { args, takes }: { readonly args: Arguments; readonly takes: number },
): Arguments {
  const { names, rest, parameters } = module;
  const [first] = args;
  const isNamed = args.length <= 1 && (first === undefined || isPlainObject(first));
  const check = (value: unknown): void => {
    const problem = wrongValue(space.shared.realm, parameters, { value, place: "", depth: 0 });
    if (problem !== "") throw wrongArguments(space, module, problem);
  };
  // One by one, as they would be written in a call.
  if (!isNamed) {
    if (names) check(byName(module, args));
    else if (args.length === 1) check(first);
    return args;
  }
  const named = (first ?? {}) as Readonly<Record<string, unknown>>;
  const only = names?.[0] ?? "";
  // The only argument may be an object itself.
  if (module.single === true && first !== undefined && !(only in named)) {
    check({ __proto__: null, [only]: first });
    return args;
  }
  check(named);
  // A default of the whole argument stands in for none.
  if (!names) return first === undefined && takes === 0 ? [] : [named];
  const list: unknown[] = [];
  for (let index = 0; index < names.length; index += 1) {
    const value = named[names[index] ?? ""];
    if (rest === true && index === names.length - 1 && Array.isArray(value)) list.push(...value);
    else list.push(value);
  }
  // So that defaults stand in for what was not given at the end.
  while (list.length > 0 && list.at(-1) === undefined) list.pop();
  return list;
}

function byName({ names = [], rest }: SkillModule, args: Arguments): object {
  const named: Record<string, unknown> = { __proto__: null };
  for (let index = 0; index < names.length; index += 1) {
    const isRest = rest === true && index === names.length - 1;
    if (isRest) named[names[index] ?? ""] = [...args].slice(index);
    else if (index < args.length) named[names[index] ?? ""] = args[index];
  }
  return named;
}

function wrongArguments(space: SkillSpace, module: SkillModule, what: string): Error {
  const call = module.signature === undefined ? "" : ` Call it as: ${module.signature}`;
  const message = `Wrong arguments for skill "${module.skill}": ${what}.${call}`;
  const tool = `skills.${module.skill}`;
  return space.realm.toolError({ tool, code: "INVALID_ARGUMENTS", message });
}

export const skillArgumentFunctions = [arrangeArguments, byName, wrongArguments];
