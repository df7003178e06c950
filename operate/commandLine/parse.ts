import { parseArgs } from "node:util";
import { closest } from "../../config/closest";
import { UsageError } from "../command";
import { optionsOf, type Call, type Declaration, type Option, type Valued } from "./declaration";
import { usageOf } from "./usage";
import { enumerated } from "./values";

const takesValue = (option: Option): option is Valued<unknown> => "value" in option;

/**
 * The values of the arguments and options by name, and the action.
 * @throws UsageError that names the word at fault and what to write instead
 */
export function parse(declaration: Declaration, argv: readonly string[]): Record<string, unknown> {
  const options = optionsOf(declaration);
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(options).map(([name, option]) => [
        name,
        {
          type: takesValue(option) ? ("string" as const) : ("boolean" as const),
          ...(option.short !== undefined && { short: option.short }),
        },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = tokens.filter((token) => token.kind === "option");
  const words = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
  for (const { name, rawName } of given) {
    if (!Object.hasOwn(options, name)) throw unknownOption(declaration.name, rawName, options);
  }
  const { call, action } = callOf(declaration, words);
  const rest = action === undefined ? words : words.slice(1);
  const form = action === undefined ? declaration.name : `${declaration.name} ${action}`;
  const found: Record<string, unknown> = {};
  for (const { name, rawName, value, inlineValue } of given) {
    const option = call.options?.[name];
    if (option === undefined) throw new UsageError(`${rawName}: no option of ${form}`);
    if (!takesValue(option)) {
      if (value !== undefined) throw new UsageError(`${rawName}: takes no value`);
      found[name] = true;
      continue;
    }
    if (value === undefined || (!inlineValue && /^-./.test(value))) {
      throw new UsageError(`${rawName}: ${option.value.placeholder} is missing`);
    }
    add(found, name, option, valueOf(rawName, option, value));
  }
  takeByPosition(found, call, rest, form);
  return { ...completed(found, call, form), ...(action !== undefined && { action }) };
}

function unknownOption(
  name: string,
  raw: string,
  options: Readonly<Record<string, Option>>,
): UsageError {
  const known = [...Object.keys(options), "help"].map((option) => `--${option}`);
  const meant = closest(raw, known);
  const hint =
    meant === undefined ? `./scripts/gateway ${name} --help lists them` : `did you mean ${meant}?`;
  return new UsageError(`${raw}: no such option: ${hint}`);
}

function callOf(
  { name, actions, ...plain }: Declaration,
  [first, ...others]: readonly string[],
): { call: Call; action?: string } {
  if (actions === undefined) return { call: plain as Call };
  const known = Object.keys(actions);
  const call = first !== undefined && Object.hasOwn(actions, first) ? actions[first] : undefined;
  if (call !== undefined && first !== undefined) return { call, action: first };
  const all = `give ${enumerated(known)}: ./scripts/gateway ${name} --help`;
  if (first === undefined) throw new UsageError(all);
  const later = others.find((word) => known.includes(word));
  if (later !== undefined) {
    const rest = [first, ...others.filter((word) => word !== later)].join(" ");
    throw new UsageError(`the action comes first: ${name} ${later} ${rest}`);
  }
  const meant = closest(first, known);
  const hint = meant === undefined ? all : `did you mean ${meant}?`;
  throw new UsageError(`${first}: no such action: ${hint}`);
}

/** @param what the option or the argument, as it is written */
function valueOf(what: string, { value: type }: Valued<unknown>, value: string): unknown {
  if (value === "") throw new UsageError(`${what}: ${type.placeholder} is empty`);
  try {
    return type.parse(value);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const meant = type.choices && closest(value, Object.keys(type.choices));
    const hint = meant === undefined ? error.message : `did you mean ${meant}?`;
    throw new UsageError(`${what} ${value}: ${hint}`);
  }
}

function add(
  found: Record<string, unknown>,
  name: string,
  { many }: Valued<unknown>,
  value: unknown,
): void {
  found[name] = many ? [...((found[name] as unknown[] | undefined) ?? []), value] : value;
}

/** Gives each word to an argument, then to an option that may be written so. */
function takeByPosition(
  found: Record<string, unknown>,
  call: Call,
  words: readonly string[],
  form: string,
): void {
  const open = [
    ...Object.entries(call.arguments ?? {}),
    ...Object.entries(call.options ?? {}).flatMap(([name, option]) =>
      takesValue(option) && option.byPosition && !(name in found) ? [[name, option] as const] : [],
    ),
  ];
  for (const word of words) {
    const [next] = open;
    if (next === undefined) {
      throw new UsageError(`${word}: unexpected argument: ${usageOf(form, call)}`);
    }
    const [name, argument] = next;
    add(found, name, argument, valueOf(argument.value.placeholder, argument, word));
    if (!argument.many) open.shift();
  }
}

function completed(
  found: Readonly<Record<string, unknown>>,
  call: Call,
  form: string,
): Record<string, unknown> {
  const all = { ...found };
  for (const [name, option] of Object.entries(call.options ?? {})) {
    if (name in all) continue;
    if (!takesValue(option)) all[name] = false;
    else if (option.required) {
      throw new UsageError(`--${name} ${option.value.placeholder} is missing`);
    } else all[name] = option.default ?? (option.many ? [] : undefined);
  }
  for (const [name, argument] of Object.entries(call.arguments ?? {})) {
    if (name in all) continue;
    if (argument.required) {
      throw new UsageError(`${argument.value.placeholder} is missing: ${usageOf(form, call)}`);
    }
    if (argument.many) all[name] = [];
  }
  return all;
}
