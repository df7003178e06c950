import type { Call, Option, Valued } from "./declaration";

/** So long a usage line is still read; a longer one has `[OPTION…]` for what may be left out. */
const LONGEST = 90;

/** A line to type: `./scripts/gateway why NAME [--json]`. */
export function usageOf(words: string, call: Call): string {
  const options = Object.entries(call.options ?? {});
  const positions = options.filter(([, option]) => "value" in option && option.byPosition);
  const named = options.filter((entry) => !positions.includes(entry));
  const needed = named.filter(([, option]) => isRequired(option));
  const free = named.filter(([, option]) => !isRequired(option));
  const begin = [
    ...[`./scripts/gateway ${words}`, ...needed.map(([name, option]) => head(name, option))],
    ...positions.map(([, option]) => position(option as Valued<unknown>)),
    ...Object.values(call.arguments ?? {}).map(position),
  ];
  const whole = [...begin, ...free.map(([name, option]) => `[${head(name, option)}]`)].join(" ");
  return whole.length <= LONGEST ? whole : [...begin, "[OPTION…]"].join(" ");
}

const isRequired = (option: Option): boolean => "value" in option && option.required === true;

function position({ value, required, many }: Valued<unknown>): string {
  const name = `${value.placeholder}${many ? "…" : ""}`;
  return required ? name : `[${name}]`;
}

/** `--lines LINES` */
export const head = (name: string, option: Option): string =>
  `--${name}${"value" in option ? ` ${option.value.placeholder}` : ""}`;

/** `-n, --lines LINES` */
export const headWithShort = (name: string, option: Option): string =>
  `${option.short === undefined ? "" : `-${option.short}, `}${head(name, option)}`;

/** The description, with what the declaration says beside it. */
export function description(option: Option): string {
  if (!("value" in option)) return option.text;
  const { text, default: initial } = option;
  return initial === undefined ? text : `${text} (default: ${initial as string | number})`;
}
