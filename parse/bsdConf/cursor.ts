import { closest } from "../../config/closest";
import { isString, type Statement } from "./statements";
import type { Token } from "./token";

/** Why a statement does not follow its grammar. */
export class SyntaxProblem extends Error {}

/** The tokens of one statement, taken from left to right. */
export class Cursor {
  private position = 0;
  private lastKeyword = "";
  /** What follows may be a part of the pre-shared key. */
  private keyTaken = false;

  public constructor(
    private readonly statement: Statement,
    private readonly keywords: ReadonlySet<string>,
  ) {}

  /** Takes the keyword if it is next. */
  public take(keyword: string): boolean {
    if (!this.sees(keyword)) return false;
    this.position++;
    this.lastKeyword = keyword;
    this.keyTaken ||= keyword === "psk";
    return true;
  }

  /** Takes whichever of the keywords is next. */
  public takeOneOf<Keyword extends string>(...keywords: Keyword[]): Keyword | undefined {
    return keywords.find((keyword) => this.take(keyword));
  }

  /** Whether the keyword is next. */
  public sees(keyword: string): boolean {
    const token = this.next();
    return token?.kind === "word" && token.text === keyword;
  }

  /** Takes the punctuation mark if it is next. */
  public takeMark(mark: string): boolean {
    const token = this.next();
    if (token?.kind !== "mark" || token.text !== mark) return false;
    this.position++;
    return true;
  }

  /** Whether a STRING is next. */
  public seesString(): boolean {
    const token = this.next();
    return token !== undefined && isString(token, this.keywords);
  }

  /** @throws SyntaxProblem unless a STRING is next */
  public string(): string {
    return this.seesString() ? this.text() : this.fail();
  }

  /** Takes the STRING that is next if it is one of the words. */
  public stringOf<Word extends string>(...words: readonly Word[]): Word | undefined {
    const found = this.seesString() ? words.find((word) => word === this.next()?.text) : undefined;
    if (found !== undefined) this.position++;
    return found;
  }

  /** @throws SyntaxProblem unless a NUMBER is next */
  public number(): number {
    return this.next()?.kind === "number" ? Number(this.text()) : this.fail();
  }

  /** @throws SyntaxProblem unless a STRING or a NUMBER is next */
  public stringOrNumber(): string {
    return this.next()?.kind === "number" ? this.text() : this.string();
  }

  /** @throws SyntaxProblem unless the mark is next */
  public expectMark(mark: string): void {
    if (!this.takeMark(mark)) this.fail();
  }

  /** @throws SyntaxProblem unless everything is taken */
  public end(): void {
    if (this.next() !== undefined) this.fail();
  }

  /**
   * @throws SyntaxProblem always; says after which keyword, and shows what stands there only where it
   * cannot be a key: a keyword, or a word close to one
   */
  public fail(reason?: string): never {
    const place = this.lastKeyword === "" ? "" : ` after ${this.lastKeyword}`;
    throw new SyntaxProblem(reason ?? `syntax error${place}${this.suspect()}`);
  }

  /** As {@link fail} with a reason, and the word that stands there if it can be shown. */
  public failHere(reason: string): never {
    return this.fail(`${reason}${this.suspect()}`);
  }

  private suspect(): string {
    const token = this.next();
    if (token?.kind !== "word" || this.keyTaken) return "";
    if (this.keywords.has(token.text)) return `: ${token.text} cannot stand there`;
    const meant = closest(token.text, [...this.keywords]);
    return meant === undefined || meant.length < 4
      ? ""
      : `: ${token.text} is no keyword, ${meant} is`;
  }

  private next(): Token | undefined {
    return this.statement.tokens[this.position];
  }

  private text(): string {
    return this.statement.tokens[this.position++]?.text ?? this.fail();
  }
}

/** What `parse` makes of the statement, or why it does not follow the grammar. */
export function attempt<T>(parse: () => T): { readonly value: T } | { readonly reason: string } {
  try {
    return { value: parse() };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { reason: error.message };
    throw error;
  }
}
