import type { ValueType } from "./values";

export interface Flag {
  readonly text: string;
  /** One letter. Default: none. */
  readonly short?: string;
}

/** What is allowed of something that takes a value. Default: given at most once, without a default. */
interface Manner<T> {
  readonly short?: string;
  readonly required?: true;
  readonly default?: T;
  /** May be given more than once; none at all gives an empty list. */
  readonly many?: true;
  /** Of an option: an argument that nothing else takes stands for it. */
  readonly byPosition?: true;
}

export interface Valued<T> extends Manner<T> {
  readonly text: string;
  readonly value: ValueType<T>;
}

export type Option = Flag | Valued<unknown>;

type Named<Kind> = Readonly<Record<string, Kind>>;

/** What may follow a command's name, or the name of its action. */
export interface Call {
  /** In their order. */
  readonly arguments?: Named<Valued<unknown>>;
  /** By name, without the dashes. */
  readonly options?: Named<Option>;
}

interface About {
  readonly name: string;
  /** One line for the table of commands. */
  readonly summary: string;
  /** Paragraphs; each is filled to the width of the terminal. */
  readonly text: string;
  /** Words of the output, each with its meaning. */
  readonly terms?: Named<string>;
  /** Whole command lines. */
  readonly examples: readonly [string, ...string[]];
  /** What each exit status means; 64 is the same everywhere. */
  readonly exit: {
    readonly ok: string;
    readonly failed?: string;
    readonly cannotTell?: string;
    readonly interrupted?: string;
  };
  /** Run by `pulumi up` and not by a person: left out of `--help` and of completion. */
  readonly hidden?: true;
}

/** `./scripts/gateway NAME …` */
export interface PlainDeclaration extends About, Call {
  readonly actions?: undefined;
}

/** `./scripts/gateway NAME ACTION …` */
export interface ActionsDeclaration extends About {
  readonly actions: Named<Call & { readonly text: string }>;
}

/** All that is known of a command but what it does. One file in operate/commands holds one. */
export type Declaration = PlainDeclaration | ActionsDeclaration;

/** Keeps the types of the options, which the command's handler gets. */
export const declare = <const D extends Declaration>(declaration: D): D => declaration;

export const flag = (description: string, short?: string): Flag => ({
  text: description,
  ...(short !== undefined && { short }),
});

export function valued<T, const M extends Manner<NoInfer<T>>>(
  value: ValueType<T>,
  description: string,
  manner?: M,
): { readonly text: string; readonly value: ValueType<T> } & M {
  return { text: description, value, ...(manner ?? ({} as M)) };
}

type Given<O> = O extends { value: ValueType<infer T> }
  ? O extends { many: true }
    ? readonly T[]
    : O extends { required: true } | { default: unknown }
      ? T
      : T | undefined
  : boolean;

type Entries<C, Key extends "arguments" | "options"> =
  C extends Readonly<Record<Key, infer Found>> ? Found : unknown;

type CallArgs<C> = {
  readonly [Name in keyof (Entries<C, "arguments"> & Entries<C, "options">)]: Given<
    (Entries<C, "arguments"> & Entries<C, "options">)[Name]
  >;
};

/** What a command gets of its command line. */
export type Args<D extends Declaration> = D extends {
  readonly actions: infer Actions extends object;
}
  ? {
      [Action in keyof Actions]: { readonly action: Action } & CallArgs<Actions[Action]>;
    }[keyof Actions]
  : CallArgs<D>;

/** Each form that the command has, with the words that it begins with. */
export function callsOf(
  declaration: Declaration,
): { readonly words: string; readonly call: Call }[] {
  const { name, actions } = declaration;
  if (actions === undefined) return [{ words: name, call: declaration }];
  return Object.entries(actions).map(([action, call]) => ({ words: `${name} ${action}`, call }));
}

/** Every option of every form. */
export const optionsOf = (declaration: Declaration): Readonly<Record<string, Option>> =>
  Object.assign({}, ...callsOf(declaration).map(({ call }) => call.options)) as Record<
    string,
    Option
  >;
