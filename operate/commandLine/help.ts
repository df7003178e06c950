import { EXIT } from "../../contract/exit";
import { callsOf, type Declaration, type Option } from "./declaration";
import { description, headWithShort, usageOf } from "./usage";

/** The help of a command, filled to so many columns; what is to be typed keeps its line. */
export function helpOf(declaration: Declaration, columns: number): string {
  const calls = callsOf(declaration);
  const usage = calls.map(({ words, call }) => usageOf(words, call));
  const paragraphs = paragraphsOf(declaration.text).map((text) => filled("", text, columns));
  const { actions, terms = {}, examples } = declaration;
  const actionTexts = Object.entries(actions ?? {}).map(
    ([name, { text }]) => [name, text] as const,
  );
  const blocks = [
    usage.map((line, index) => `${index === 0 ? "usage: " : "       "}${line}`),
    ...paragraphs,
    listed(actionTexts, columns),
    listed(Object.entries(terms), columns),
    listed(entriesOf(declaration), columns),
    [examples.length === 1 ? "Example:" : "Examples:", ...examples.map((line) => `  ${line}`)],
    filled(
      "",
      `Exit status: ${exitTexts(declaration)
        .map((text) => text.join(" "))
        .join(", ")}.`,
      columns,
    ),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

/** Each exit status with its meaning. */
export function exitTexts({ exit }: Declaration): [status: number, meaning: string][] {
  const { ok, failed, cannotTell, interrupted } = exit;
  const all = { ok, failed, cannotTell, usage: "called wrongly", interrupted };
  return Object.entries(all).flatMap(([name, meaning]) =>
    meaning === undefined ? [] : [[EXIT[name as keyof typeof EXIT], meaning]],
  );
}

export const paragraphsOf = (text: string): string[] =>
  text.split(/\n\s*\n/).map((paragraph) => paragraph.trim().replace(/\s+/g, " "));

/** Arguments and options with their descriptions; of one that some forms lack, which have it. */
function entriesOf(declaration: Declaration): [head: string, text: string][] {
  const calls = callsOf(declaration);
  const entries = new Map<string, { option: Option; actions: string[] }>();
  for (const { words, call } of calls) {
    const named = [
      ...Object.values(call.arguments ?? {}).map((one) => [one.value.placeholder, one] as const),
      ...Object.entries(call.options ?? {}).map(
        ([name, option]) => [headWithShort(name, option), option] as const,
      ),
    ];
    for (const [head, option] of named) {
      const entry = entries.get(head) ?? { option, actions: [] };
      entry.actions.push(words.split(" ")[1] ?? "");
      entries.set(head, entry);
    }
  }
  return [...entries].flatMap(([head, { option, actions }]) => {
    const which = actions.length === calls.length ? "" : `${actions.join(", ")}: `;
    const choices = Object.entries("value" in option ? (option.value.choices ?? {}) : {});
    return [
      [head, `${which}${description(option)}`],
      ...choices
        .filter(([, text]) => text !== "")
        .map(([name, text]): [string, string] => [`    ${name}`, text]),
    ];
  });
}

/** A list with its texts in one column. */
function listed(entries: readonly (readonly [head: string, text: string])[], columns: number) {
  const width = Math.max(0, ...entries.map(([head]) => head.length));
  return entries.flatMap(([head, text]) => filled(`  ${head.padEnd(width)}  `, text, columns));
}

/** The words of `text` after `head`, each further line below the first word. */
function filled(head: string, text: string, columns: number): string[] {
  const lines = [head];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    const begins = line.length === head.length;
    if (begins || line.length + 1 + word.length <= columns) {
      lines[lines.length - 1] = begins ? line + word : `${line} ${word}`;
    } else lines.push(" ".repeat(head.length) + word);
  }
  return lines;
}
