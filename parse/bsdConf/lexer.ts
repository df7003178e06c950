import { Characters, EOF } from "./characters";
import type { Token } from "./token";

/** yylex's buffer: a longer word is an error there too. */
const LONGEST = 8095;

const DIGIT = /^[0-9]$/;
const NAME = /^[A-Za-z0-9_]$/;
const STARTS_WORD = /^[A-Za-z0-9:_*]$/;
/** Letters, digits and punctuation but `( ) { } < > ! = / # ,`. */
const IN_WORD = /^[A-Za-z0-9"$%&'*+\-.:;?@[\\\]^_`|~]$/;
const ENDS_NUMBER = /^[\s),/}=]$/;

/** What a line turned out to be. */
export interface Line {
  /** Line of its first token, from 1. */
  readonly line: number;
  readonly tokens: readonly Token[];
  /** Why the line cannot be read, if so; the tokens are those before. */
  readonly problem?: string;
}

class LexicalError extends Error {}

/**
 * Reads a file of OpenBSD's IPsec tools line by line, as yylex of ipsecctl/parse.y and iked/parse.y
 * does: `#` comments, backslash continuation, quoted strings, macros expanded before the words are
 * cut. The caller keeps the macros: a line may define what the next one uses.
 */
export class Lexer {
  private readonly characters: Characters;
  /** Line where the last token starts. */
  private start = 1;

  public constructor(
    text: string,
    private readonly macros: ReadonlyMap<string, string>,
  ) {
    this.characters = new Characters(text);
  }

  /** The next line that holds anything, or undefined at the end. */
  public nextLine(): Line | undefined {
    const tokens: Token[] = [];
    let line = 0;
    for (;;) {
      try {
        const token = this.token();
        if (tokens.length === 0) line = this.start;
        if (token !== undefined && token !== "\n") {
          tokens.push(token);
          continue;
        }
        if (token === "\n") this.characters.line++;
        if (tokens.length > 0) return { line, tokens };
        if (token === undefined) return undefined;
      } catch (error) {
        if (!(error instanceof LexicalError)) throw error;
        if (tokens.length === 0) line = this.start;
        this.characters.skipLine();
        return { line, tokens, problem: error.message };
      }
    }
  }

  private token(): Token | "\n" | undefined {
    for (;;) {
      let character = this.characters.next();
      while (character === " " || character === "\t") character = this.characters.next();
      this.start = this.characters.line;
      if (character === "#") {
        while (character !== "\n" && character !== EOF) character = this.characters.next();
      }
      if (character === "$" && !this.characters.expanding) {
        this.expandMacro();
        continue;
      }
      if (character === EOF) return undefined;
      if (character === "\n") return "\n";
      return this.tokenAt(character);
    }
  }

  private tokenAt(first: string): Token {
    if (first === '"' || first === "'") return { kind: "quoted", text: this.quoted(first) };
    if (first === "-" || DIGIT.test(first)) {
      const number = this.number(first);
      if (number !== undefined) return { kind: "number", text: number };
    }
    if (STARTS_WORD.test(first)) return { kind: "word", text: this.word(first) };
    return { kind: "mark", text: first };
  }

  private expandMacro(): void {
    const name = this.run("", NAME);
    const value = this.macros.get(name);
    if (value === undefined) throw new LexicalError(`the macro ${name} is not defined`);
    this.characters.expand(value);
  }

  private quoted(quote: string): string {
    let text = "";
    for (;;) {
      const character = this.characters.raw();
      if (character === EOF) throw new LexicalError("a quoted string does not end");
      if (character === quote) return text;
      if (character === "\n") this.characters.line++;
      else if (character === "\\") text += this.escaped(quote);
      else text += character;
      if (text.length > LONGEST) throw new LexicalError("a quoted string is too long");
    }
  }

  /** Inside quotes a backslash escapes the quote, blanks and the line's end, and else is itself. */
  private escaped(quote: string): string {
    const next = this.characters.raw();
    if (next === "\n") {
      this.characters.line++;
      return "";
    }
    if (next === quote || next === " " || next === "\t") return next;
    this.characters.unread(next);
    return "\\";
  }

  /** Digits that end where a number may end; otherwise all but the first are given back. */
  private number(first: string): string | undefined {
    const text = this.run(first, DIGIT);
    const after = this.characters.next();
    this.characters.unread(after);
    if (text !== "-" && (after === EOF || ENDS_NUMBER.test(after))) return text;
    this.characters.unread(text.slice(1));
    return undefined;
  }

  private word(first: string): string {
    return this.run(first, IN_WORD);
  }

  private run(first: string, form: RegExp): string {
    let text = first;
    for (;;) {
      const character = this.characters.next();
      if (character === EOF || !form.test(character)) {
        this.characters.unread(character);
        return text;
      }
      text += character;
      if (text.length > LONGEST) throw new LexicalError("a word is too long");
    }
  }
}
