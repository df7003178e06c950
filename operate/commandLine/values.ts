import { UsageError } from "../command";

/** What an option or an argument takes: how it is written, checked and completed. */
export interface ValueType<T> {
  /** Stands for the value in a usage line: FILE, SECONDS, iked|isakmpd. */
  readonly placeholder: string;
  /** @throws UsageError that says what to write instead, without the option's name and the value */
  readonly parse: (text: string) => T;
  /** The words that it can be, each with its description or "". Default: any text. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Whether the shell completes paths. */
  readonly isPath?: true;
}

/** The form of a text, and its name in `write NAME`. */
interface Form {
  readonly pattern: RegExp;
  readonly name: string;
}

export function text(placeholder: string, form?: Form): ValueType<string> {
  return {
    placeholder,
    parse: (value) => {
      if (form !== undefined && !form.pattern.test(value)) {
        throw new UsageError(`write ${form.name}`);
      }
      return value;
    },
  };
}

export const file: ValueType<string> = { ...text("FILE"), isPath: true };

export const directory: ValueType<string> = { ...text("DIR"), isPath: true };

/** A whole number from `least` to `most`. */
export function count(
  placeholder: string,
  name: string,
  least: number,
  most: number,
): ValueType<number> {
  return {
    placeholder,
    parse: (value) => {
      const number = Number(value);
      if (/^\d+$/.test(value) && number >= least && number <= most) return number;
      throw new UsageError(`write ${name}, ${least} to ${most}`);
    },
  };
}

export const seconds = (least: number, most: number): ValueType<number> =>
  count("SECONDS", "whole seconds", least, most);

/** One of the keys of `choices`, whose values describe them. */
export function choice<Choice extends string>(
  placeholder: string,
  choices: Readonly<Record<Choice, string>>,
): ValueType<Choice> {
  const words = Object.keys(choices) as Choice[];
  return {
    placeholder,
    choices,
    parse: (value) => {
      const found = words.find((word) => word === value);
      if (found !== undefined) return found;
      throw new UsageError(`write ${enumerated(words)}`);
    },
  };
}

/** One of a few words that need no description. */
export function oneOf<const Choice extends string>(...words: readonly Choice[]): ValueType<Choice> {
  const entries = words.map((word) => [word, ""] as const);
  return choice(words.join("|"), Object.fromEntries(entries) as Record<Choice, string>);
}

/** a, b or c */
export const enumerated = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
