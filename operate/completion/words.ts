import { callsOf, optionsOf, type Declaration } from "../commandLine/declaration";

/** What may follow a command's name. */
export interface Words {
  readonly name: string;
  readonly summary: string;
  /** Whether it is left out of the commands that are offered. */
  readonly hidden: boolean;
  /** The words that may come first: actions, or what the first argument is one of. */
  readonly first: readonly string[];
  /** Every option, `--help` too. */
  readonly options: readonly string[];
  /** Of an option that takes one of a few words, these. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  /** The options whose value is a file or a directory. */
  readonly paths: readonly string[];
}

export function wordsOf(declaration: Declaration): Words {
  const { name, summary, hidden = false, actions } = declaration;
  const options = Object.entries(optionsOf(declaration)).map(([option, { short, ...rest }]) => ({
    short,
    long: `--${option}`,
    ...rest,
  }));
  const [argument] = callsOf(declaration).flatMap(({ call }) =>
    Object.values(call.arguments ?? {}),
  );
  return {
    ...{ name, summary, hidden },
    first: Object.keys(actions ?? argument?.value.choices ?? {}),
    options: [...options.map(({ long }) => long), "--help"].sort(),
    choices: Object.fromEntries(
      options.flatMap((option) =>
        "value" in option && option.value.choices
          ? spellings(option).map((word) => [word, Object.keys(option.value.choices ?? {})])
          : [],
      ),
    ),
    paths: options
      .flatMap((option) => ("value" in option && option.value.isPath ? spellings(option) : []))
      .sort(),
  };
}

const spellings = ({ long, short }: { long: string; short: string | undefined }): string[] =>
  short === undefined ? [long] : [long, `-${short}`];
