import type { Daemon } from "../schema";
import { ABSENT } from "./absent";
import { nameOfConstant } from "./daemonWords";
import { groupNumber } from ".";
import type { Algorithm, InDevice, Kind } from "./row";
import { TABLES } from "./table";

/** Lower case, with one hyphen where others write a blank, an underscore, a slash or brackets. */
function normal(word: string): string {
  return word
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

type Index = ReadonlyMap<string, string>;

/** Every word of the rows of one kind. @throws Error if two of them have one word */
export function indexOf(rows: Iterable<readonly [name: string, words: readonly string[]]>): Index {
  const found = new Map<string, string>();
  for (const [name, words] of rows) {
    for (const word of words) {
      const earlier = found.get(normal(word)) ?? name;
      if (earlier !== name) throw new Error(`${word} is a word for both ${earlier} and ${name}`);
      found.set(normal(word), name);
    }
  }
  return found;
}

/** Everything that somebody calls the algorithm. */
export function wordsOf(name: string, row: Algorithm): string[] {
  const number = groupNumber(name);
  return [
    name,
    ...("title" in row ? [row.title] : []),
    ...row.alsoCalled,
    ...DAEMONS.flatMap((daemon) => daemonsWords(daemon, name, row)),
    ...("devices" in row ? Object.values(row.devices).flatMap(deviceWords) : []),
    ...(number === undefined ? [] : numbered(number)),
  ];
}

const DAEMONS = ["iked", "isakmpd"] as const;

/** Without the constants that do not tell the algorithm from another. */
function daemonsWords(daemon: Daemon, name: string, row: Algorithm): string[] {
  const { words = [], logs = [] } = row[daemon] ?? {};
  return [...words, ...logs.filter((constant) => nameOfConstant(daemon, constant) === name)];
}

function deviceWords(cell: InDevice): string[] {
  if (cell === null) return [];
  if (typeof cell === "string") return [cell];
  return "esp" in cell ? [cell.ike, cell.esp].flatMap(deviceWords) : cell.flatMap(deviceWords);
}

function numbered(number: number): string[] {
  return ["", "group ", "DH group ", "DH", "grp", "DHGroup"].map((before) => `${before}${number}`);
}

let known: Readonly<Record<Kind, Index>> | undefined;

function index(): Readonly<Record<Kind, Index>> {
  const one = (kind: Kind) =>
    indexOf([...TABLES[kind]].map(([name, row]) => [name, wordsOf(name, row)] as const));
  return (known ??= { encryption: one("encryption"), hash: one("hash"), group: one("group") });
}

/** The declared name of what a vendor or a standard calls by the word, or undefined if none does. */
export function declaredFor(kind: Kind, word: string): string | undefined {
  return index()[kind].get(normal(word));
}

/** What the word names that neither daemon has, or undefined. */
export function absentHere(word: string): string | undefined {
  const found = ABSENT.find(([form]) => form.test(normal(word)));
  return found?.[1];
}

/** The parts of a whole proposal in one word, such as strongSwan's `aes256-sha256-modp2048`. */
export interface Proposal {
  readonly encryption: string;
  readonly integrity?: string;
  readonly prf?: string;
  readonly group?: string;
}

/** A proposal that is written as one word, or undefined if the word is none. */
export function proposalIn(word: string): Proposal | undefined {
  const [first = "", ...rest] = word.split(/[-,;:/+!]+/).filter((part) => part !== "");
  const encryption = declaredFor("encryption", first);
  if (encryption === undefined || rest.length === 0) return undefined;
  let found: Proposal = { encryption };
  for (const part of rest) {
    const prf = /^prf/i.test(part) ? declaredFor("hash", part.replace(/^prf/i, "")) : undefined;
    const hash = declaredFor("hash", part);
    const group = declaredFor("group", part);
    if (prf !== undefined && found.prf === undefined) found = { ...found, prf };
    else if (hash !== undefined && found.integrity === undefined) {
      found = { ...found, integrity: hash };
    } else if (group !== undefined && found.group === undefined) found = { ...found, group };
    else return undefined;
  }
  return found;
}
