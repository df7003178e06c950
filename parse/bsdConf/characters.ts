/** End of the text. */
export const EOF = "";

// What the parsers push back around a macro's value, so that a `$` inside it is not expanded again.
const START_EXPAND = "\u0001";
const DONE_EXPAND = "\u0002";

/** The text of one file, character by character, as the parsers of OpenBSD's tools read it. */
export class Characters {
  /** Line of the next character, from 1. */
  public line = 1;
  /** Whether the next character comes from a macro's value. */
  public expanding = false;
  private position = 0;
  private readonly pushedBack: string[] = [];

  public constructor(private readonly text: string) {}

  /** The next character as it stands: inside quotes a backslash is the caller's. */
  public raw(): string {
    for (;;) {
      const character = this.pushedBack.pop() ?? this.text[this.position++] ?? EOF;
      if (character === START_EXPAND) this.expanding = true;
      else if (character === DONE_EXPAND) this.expanding = false;
      else return character;
    }
  }

  /** The next character; a backslash joins lines, and before anything else it vanishes (lgetc). */
  public next(): string {
    let character = this.raw();
    while (character === "\\") {
      const escaped = this.raw();
      if (escaped !== "\n") return escaped;
      this.line++;
      character = this.raw();
    }
    return character;
  }

  /** Gives back what was read: it comes again. */
  public unread(text: string): void {
    for (let index = text.length; index-- > 0;) this.pushedBack.push(text.charAt(index));
  }

  /** Puts a macro's value before what follows. */
  public expand(value: string): void {
    this.unread(`${START_EXPAND}${value}${DONE_EXPAND}`);
  }

  /** Skips to the end of the line, and past it. */
  public skipLine(): void {
    for (;;) {
      const character = this.next();
      if (character === EOF) return;
      if (character === "\n") {
        this.line++;
        return;
      }
    }
  }
}
