/** The largest row or column a cursor address may name; more is noise on the line. */
const MAX_COLUMN = 400;

type State = "text" | "escape" | "csi" | "string" | "stringEscape" | "charset";

/**
 * Turns what a serial console sends into plain text that is only ever appended to, so that matches
 * do not depend on how the bytes were split.
 *
 * Escape sequences (ECMA-48) go. What remains besides printable characters: "\n" for every end of
 * line (CR LF, CR CR LF, LF, or a cursor address on another row, which is how the BIOS moves on);
 * "\r" where the cursor went back to rewrite its line, as a shell's line editor does; "\b"; "\t".
 * A "\r" never counts as the start of a line: a redrawn prompt is not a new prompt.
 */
export class PlainText {
  private state: State = "text";
  private parameters = "";
  private column = 0;
  private row: number | undefined;
  private returning = false;

  /** The plain text of the next bytes (one character per byte), "" when there is none. */
  push(chunk: string): string {
    let out = "";
    for (const char of chunk) out += this.next(char);
    return out;
  }

  private next(char: string): string {
    switch (this.state) {
      case "text":
        return this.text(char);
      case "escape":
        return this.escape(char);
      case "csi":
        return this.csi(char);
      case "charset":
        this.state = "text";
        return "";
      case "string":
        if (char === "\x07") this.state = "text";
        else if (char === "\x1b") this.state = "stringEscape";
        return "";
      case "stringEscape":
        this.state = char === "\\" ? "text" : "string";
        return "";
    }
  }

  private text(char: string): string {
    if (char === "\x1b") {
      this.state = "escape";
      return "";
    }
    if (char === "\r") {
      this.returning = this.column > 0;
      return "";
    }
    if (char === "\n") return this.newLine();
    if (char === "\b") {
      if (this.column === 0 || this.returning) return "";
      this.column -= 1;
      return "\b";
    }
    if (char !== "\t" && (char < " " || char === "\x7f")) return "";
    const start = this.startOfRewrite();
    this.column += 1;
    return start + char;
  }

  private newLine(): string {
    this.returning = false;
    this.column = 0;
    this.row = undefined;
    return "\n";
  }

  private startOfRewrite(): string {
    if (!this.returning) return "";
    this.returning = false;
    this.column = 0;
    return "\r";
  }

  private escape(char: string): string {
    this.parameters = "";
    if (char === "[") this.state = "csi";
    else if (char === "]" || char === "P" || char === "^" || char === "_") this.state = "string";
    else if (char >= " " && char <= "/") this.state = "charset";
    else if (char !== "\x1b") this.state = "text";
    return "";
  }

  private csi(char: string): string {
    if (char === "\x1b") {
      this.state = "escape";
      return "";
    }
    if (char < "@" || char > "~") {
      // A line end in the middle of a sequence means that the sequence was cut off.
      if (char === "\r" || char === "\n") {
        this.state = "text";
        return this.text(char);
      }
      this.parameters += char;
      return "";
    }
    this.state = "text";
    const [first = 1, second = 1] = this.parameters
      .split(";")
      .map((digits) => Math.min(Math.max(Number.parseInt(digits, 10) || 1, 1), MAX_COLUMN));
    if (char === "H" || char === "f") return this.moveTo(first, second - 1);
    if (char === "G") return this.moveTo(this.row, first - 1);
    if (char === "C") return this.moveTo(this.row, Math.min(this.atColumn() + first, MAX_COLUMN));
    if (char === "J" && this.parameters.endsWith("2")) return this.breakLine();
    return "";
  }

  // After an end of line the row is not known (the screen may have scrolled): an address that names
  // the column we are in anyway is then taken for the line we are on.
  private moveTo(row: number | undefined, column: number): string {
    const sameLine = row === this.row || (this.row === undefined && column === this.atColumn());
    const broken = sameLine ? "" : this.breakLine();
    this.row = row;
    const distance = column - this.atColumn();
    if (distance === 0) return broken;
    if (column === 0) {
      this.returning = true;
      return broken;
    }
    const start = this.startOfRewrite();
    this.column = column;
    return broken + start + (distance > 0 ? " ".repeat(distance) : "\b".repeat(-distance));
  }

  private breakLine(): string {
    const started = this.column > 0;
    this.column = 0;
    this.returning = false;
    return started ? "\n" : "";
  }

  private atColumn(): number {
    return this.returning ? 0 : this.column;
  }
}

/** The line as it looks on a terminal: rewritten from a "\r" or "\b" on. */
export function asShown(line: string): string {
  const cells: string[] = [];
  let column = 0;
  for (const char of line) {
    if (char === "\r") column = 0;
    else if (char === "\b") column = Math.max(0, column - 1);
    else {
      while (cells.length < column) cells.push(" ");
      cells[column] = char;
      column += 1;
    }
  }
  return cells.join("").trimEnd();
}
