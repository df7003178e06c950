import { asShown, PlainText } from "../../parse/ansi";
import { pause, type Clock } from "./clock";

/** A text that ends the conversation wherever it turns up, with what it means and what to do. */
export interface FatalText {
  /** Matches the fatal words only; the rest of their line is added to the error by itself. */
  readonly pattern: RegExp;
  readonly means: string;
  readonly fix: string;
  /** True for a prompt, which no end of line follows. */
  readonly isPrompt?: boolean;
}

/** The guest said one of the fatal texts. */
export class FatalLine extends Error {
  constructor(
    readonly line: string,
    readonly fatal: FatalText,
  ) {
    super(`the console says: ${line}`);
  }
}

/** None of the awaited texts came in time. */
export class NoAnswer extends Error {
  constructor(readonly seconds: number) {
    super(`no answer within ${seconds} s`);
  }
}

export interface Answer<Name extends string> {
  readonly name: Name;
  readonly match: RegExpExecArray;
}

export interface ExpectOptions {
  readonly clock: Clock;
  readonly fatal: readonly FatalText[];
  /** Types into the console. */
  readonly write: (text: string) => void;
}

interface Scan<Name extends string> {
  readonly name: Name;
  readonly search: RegExp;
  /** What the sent line is compared with: the pattern without the rest of its line. */
  readonly words: RegExp;
}

interface Waiter {
  readonly examine: () => void;
  readonly fail: (error: Error) => void;
}

/** No match is longer than this; it bounds the work per byte. Characters. */
const LONGEST_MATCH = 4096;
const KEPT = 65_536;
const SCREEN_LINES = 24;
const TRIES_PER_KEY = 4;
const ECHO_POLL_MS = 20;

/**
 * Waits for texts on a console and types answers.
 *
 * What it finds is a function of the bytes alone, however they are split: of all awaited and fatal
 * texts the one whose end comes first is taken, and the next search starts right after it. For this
 * to hold a pattern must say where it ends (`\d+\n`, not `\d+`).
 *
 * After `send`, a pattern that fits the sent line itself is not looked for before the next end of
 * line: that line holds the echo, possibly redrawn by the shell's editor.
 */
export class Expect {
  private readonly plain = new PlainText();
  private text = "";
  /** Where the next search starts. */
  private mark = 0;
  private searched = 0;
  private sent = "";
  /** Behind the echo of the last key of `sendByKey`. */
  private echoed = 0;
  private waiter: Waiter | undefined;
  private ended: Error | undefined;

  private readonly fatal: readonly (Scan<string> & { readonly fatal: FatalText })[];

  constructor(private readonly options: ExpectOptions) {
    this.fatal = options.fatal.map((fatal) => ({
      ...scanFor("fatal", fatal.pattern, fatal.isPrompt ? "" : "[^\\n]*\\n"),
      fatal,
    }));
  }

  /** Bytes from the console, one character each (latin1). */
  feed(bytes: string): void {
    this.text += this.plain.push(bytes);
    this.waiter?.examine();
    this.forget();
  }

  /** No more bytes will come; whoever waits, now or later, fails with `reason`. */
  end(reason: Error): void {
    this.ended ??= reason;
    this.waiter?.examine();
    this.waiter?.fail(this.unfinishedFatal() ?? reason);
  }

  /** Types a line and Return. */
  send(line: string): void {
    this.begin(line);
    this.options.write(`${line}\r`);
  }

  /**
   * The same for a reader that loses keys: each is typed when the one before was echoed, and again
   * when its echo does not come for `patience` seconds. Gives up after a few times: what is awaited
   * next will not come then.
   */
  async sendByKey(line: string, patience: number): Promise<void> {
    this.begin(line);
    this.echoed = this.text.length;
    for (const key of line) await this.typeKey(key, key, patience);
    await this.typeKey("\r", "\n", patience);
  }

  private begin(line: string): void {
    if (/[\r\n]/.test(line)) throw new Error("one line at a time");
    this.sent = line;
  }

  private async typeKey(key: string, echo: string, patience: number): Promise<void> {
    for (let tries = 0; tries < TRIES_PER_KEY; tries++) {
      this.options.write(key);
      const until = this.options.clock.now() + patience * 1000;
      while (this.options.clock.now() < until && !this.ended) {
        const at = this.text.indexOf(echo, this.echoed);
        if (at >= 0) {
          this.echoed = at + 1;
          return;
        }
        await pause(this.options.clock, ECHO_POLL_MS);
      }
    }
  }

  /**
   * Waits for the first of several texts. Rejects with FatalLine, NoAnswer after `seconds`, or the
   * reason given to `end`.
   */
  waitFor<Name extends string>(
    patterns: Readonly<Record<Name, RegExp>>,
    seconds: number,
  ): Promise<Answer<Name>> {
    if (this.waiter) throw new Error("already waiting");
    this.searched = this.mark;
    const awaited = (Object.keys(patterns) as Name[]).map((name) => scanFor(name, patterns[name]));
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.waiter = undefined;
        cancel();
      };
      const fail = (error: Error): void => {
        settle();
        reject(error);
      };
      const examine = (): void => {
        const found = this.first(this.text, awaited);
        if (found instanceof FatalLine) fail(found);
        else if (found) {
          settle();
          this.moveMark(found.match.index + found.match[0].length);
          resolve(found);
        }
      };
      const cancel = this.options.clock.after(seconds * 1000, () => {
        fail(this.unfinishedFatal() ?? new NoAnswer(seconds));
      });
      this.waiter = { examine, fail };
      examine();
      if (this.ended) this.end(this.ended);
    });
  }

  /** The last 24 lines, as a terminal shows them. */
  screen(): string[] {
    const lines = this.text
      .slice(-LONGEST_MATCH * 2)
      .split("\n")
      .map(asShown);
    while (lines.length > 0 && lines.at(-1) === "") lines.pop();
    return lines.slice(-SCREEN_LINES);
  }

  /** The last line with something on it. */
  lastLine(): string {
    const lines = this.text.slice(-LONGEST_MATCH).trimEnd().split("\n");
    return asShown(lines.at(-1) ?? "");
  }

  private first<Name extends string>(
    text: string,
    awaited: readonly Scan<Name>[],
  ): Answer<Name> | FatalLine | undefined {
    const from = Math.max(this.mark, this.searched - LONGEST_MATCH);
    this.searched = this.text.length;
    let earliest = Infinity;
    let found: Answer<Name> | FatalLine | undefined;
    for (const { fatal, ...scan } of this.fatal) {
      const match = this.search(text, scan, from);
      if (!match || endOf(match) >= earliest) continue;
      earliest = endOf(match);
      found = new FatalLine(lineUpTo(text, match), fatal);
    }
    for (const scan of awaited) {
      const match = this.search(text, scan, from);
      if (!match || endOf(match) >= earliest) continue;
      earliest = endOf(match);
      found = { name: scan.name, match };
    }
    return found;
  }

  private search(text: string, scan: Scan<string>, from: number): RegExpExecArray | null {
    scan.search.lastIndex = from;
    if (this.sent !== "" && scan.words.test(this.sent)) {
      const echoEnd = text.indexOf("\n", this.mark);
      if (echoEnd < 0) return null;
      scan.search.lastIndex = Math.max(from, echoEnd + 1);
    }
    return scan.search.exec(text);
  }

  /** A fatal text whose line was cut off, by a silence or by the end. */
  private unfinishedFatal(): FatalLine | undefined {
    const found = this.first(`${this.text}\n`, []);
    return found instanceof FatalLine ? found : undefined;
  }

  private moveMark(to: number): void {
    this.mark = to;
    this.sent = "";
  }

  private forget(): void {
    const surplus = this.text.length - KEPT;
    if (surplus < KEPT) return;
    this.text = this.text.slice(surplus);
    if (this.mark < surplus) this.moveMark(surplus);
    this.mark -= surplus;
    this.echoed = Math.max(0, this.echoed - surplus);
    this.searched = Math.max(0, this.searched - surplus);
  }
}

function scanFor<Name extends string>(name: Name, words: RegExp, rest = ""): Scan<Name> {
  const flags = words.flags.replace("g", "");
  return {
    name,
    words: new RegExp(words.source, flags),
    search: new RegExp(words.source + rest, `${flags}g`),
  };
}

function endOf(match: RegExpExecArray): number {
  return match.index + match[0].length;
}

/** The match with what stands before it on its line. */
function lineUpTo(text: string, match: RegExpExecArray): string {
  const start = text.lastIndexOf("\n", match.index - 1) + 1;
  return asShown(text.slice(start, endOf(match)).replace(/\n$/, "")).trim();
}
