/**
 * A command's help for a terminal so wide: paragraphs and the descriptions of options are filled anew, each
 * below its own beginning. What is to be typed keeps its line.
 */
export function fitted(help: string, columns: number): string {
  const blocks: Block[] = [];
  for (const line of help.split("\n")) {
    const last = blocks.at(-1);
    const [, head = "", text = ""] = HANGING.exec(line) ?? [];
    if (TYPED.test(line) || text === "") blocks.push({ head: line, words: [], indent: 0 });
    else if (last && last.words.length > 0 && head.trim() === "" && head.length === last.indent) {
      last.words.push(...text.split(" "));
    } else blocks.push({ head, words: text.split(" "), indent: head.length });
  }
  return blocks.flatMap((block) => filled(block, columns)).join("\n");
}

/** What begins a line, and the words that follow with every further line's indent. */
interface Block {
  readonly head: string;
  readonly words: string[];
  readonly indent: number;
}

/** An indent, or an option with two blanks or more after it; then the description. */
const HANGING = /^((?:\s+\S.*?\s{2,}|\s*))(\S.*)$/;
const TYPED = /^\s*(?:\.\/|source |usage: )/;

function filled({ head, words, indent }: Block, columns: number): string[] {
  const lines = [head];
  for (const word of words) {
    const line = lines.at(-1) ?? "";
    const begins = line.length === indent;
    if (begins || line.length + 1 + word.length <= columns) {
      lines[lines.length - 1] = begins ? line + word : `${line} ${word}`;
    } else lines.push(" ".repeat(indent) + word);
  }
  return lines;
}
