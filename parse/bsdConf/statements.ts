import { Lexer } from "./lexer";
import type { NotUnderstood, Place, Token } from "./token";

/** One line of the grammar: not a macro, not an include. */
export interface Statement extends Place {
  readonly tokens: readonly Token[];
}

/** The text of an included file by its name as written, or undefined if there is none. */
export type ReadInclude = (path: string) => string | undefined;

/** A configuration file, not read yet. */
export interface ConfFile {
  /** Its name in what is reported. */
  readonly file: string;
  readonly text: string;
  /** Default: no include can be read. */
  readonly readInclude?: ReadInclude;
}

export interface Statements {
  readonly statements: readonly Statement[];
  readonly notUnderstood: readonly NotUnderstood[];
}

/** Both daemons take the character for a part of the statement, and refuse the file. */
const CARRIAGE_RETURN =
  "a carriage return at the end of the line (CRLF), read here as if it were not there";
const BYTE_ORDER_MARK =
  "a byte order mark at the start of the file, read here as if it were not there";
/** There the backslash vanishes and the statement ends, without what was meant to follow. */
const NO_CONTINUATION = "a blank behind the backslash at the end, which so does not join the lines";
/** A file that includes itself ends there; ipsecctl would run out of file descriptors. */
const DEEPEST = 16;
/** Of all included files together, in characters: what is included twice at each level doubles with each. */
const LARGEST_INCLUDED = 4 * 1024 * 1024;
/** A macro made of macros doubles with every line. */
const LARGEST_MACRO = 65536;

/**
 * The statements of a file and of what it includes, in the order of the daemon, with every macro
 * expanded. Grammar of both: `include "PATH"` and `NAME = STRING …` (ipsec.conf(5), iked.conf(5)).
 * Throws for no text whatever.
 */
export function readStatements(
  { file, text, readInclude }: ConfFile,
  keywords: ReadonlySet<string>,
): Statements {
  const macros = new Map<string, string>();
  const statements: Statement[] = [];
  const notUnderstood: NotUnderstood[] = [];
  const isText = (token: Token) => isString(token, keywords);
  let room = LARGEST_INCLUDED;

  const readFile = (name: string, content: string, depth: number): void => {
    const slip = (form: RegExp, reason: string): void => {
      const found = form.exec(content);
      if (!found) return;
      const line = content.slice(0, found.index).split("\n").length;
      notUnderstood.push({ file: name, line, reason });
    };
    slip(/^\uFEFF/, BYTE_ORDER_MARK);
    slip(/\r\n/, CARRIAGE_RETURN);
    slip(/(?<=^[^#\n]*\\)[ \t]+\r?$/m, NO_CONTINUATION);
    const lexer = new Lexer(content.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n"), macros);
    for (let line = lexer.nextLine(); line !== undefined; line = lexer.nextLine()) {
      const place = { file: name, line: line.line };
      const refuse = (reason: string) => notUnderstood.push({ ...place, reason });
      const { tokens, problem } = line;
      if (problem !== undefined) {
        refuse(problem);
        continue;
      }
      const [first, second] = tokens;
      if (isWord(first, "include")) {
        const path = tokens.length === 2 && second !== undefined && isText(second) && second.text;
        const included = path === false ? undefined : readInclude?.(path);
        if (path === false) refuse("an include names one file");
        else if (included === undefined) refuse(`the included file ${path} cannot be read`);
        else if (depth === DEEPEST) {
          refuse("files include each other too deeply");
          room = 0;
        } else if (included.length > room) refuse("too much is included, or too deeply");
        else {
          room -= included.length;
          readFile(path, included, depth + 1);
        }
      } else if (first !== undefined && isText(first) && isMark(second, "=")) {
        const values = tokens.slice(2);
        const value = values.map((token) => token.text).join(" ");
        if (/\s/.test(first.text)) refuse("a macro's name has a blank");
        else if (values.length === 0 || !values.every(isText)) refuse("a macro's value is no text");
        else if (value.length > LARGEST_MACRO) refuse("a macro's value is too long");
        else macros.set(first.text, value);
      } else statements.push({ ...place, tokens });
    }
  };

  readFile(file, text, 0);
  return { statements, notUnderstood };
}

/** What the grammars call STRING: a quoted string, or a word that is no keyword. */
export function isString({ kind, text }: Token, keywords: ReadonlySet<string>): boolean {
  return kind === "quoted" || (kind === "word" && !keywords.has(text));
}

function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === "word" && token.text === text;
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === "mark" && token.text === text;
}
