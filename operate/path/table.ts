import { paint, type Style, wrapped } from "../status/text";
import type { PathResult, PathRow } from "../../contract/documents/operate";

const STYLES: Readonly<Record<PathResult, Style>> = {
  ok: "green",
  unseen: "yellow",
  wrong: "red",
  unknown: "red",
};

const WIDEST = 24;

/** One line per check, with the fix below what is wrong. */
export function pathTable(
  rows: readonly PathRow[],
  notes: readonly string[],
  { columns, colours }: { readonly columns: number; readonly colours: boolean },
): string {
  const width = Math.min(WIDEST, Math.max(5, ...rows.map(({ check }) => check.length)));
  const indent = width + 10;
  return [
    `${"CHECK".padEnd(width)}  RESULT  SEEN`,
    ...rows.flatMap(({ check, result, seen, fix }) => {
      const [first = "", ...more] = wrapped(
        `${check.padEnd(width)}  ${result.padEnd(7)} ${seen}`,
        indent,
        columns,
      );
      return [
        first.replace(` ${result}`, ` ${paint(STYLES[result], result, colours)}`),
        ...more,
        ...(fix === undefined ? [] : wrapped(`${" ".repeat(indent)}→ ${fix}`, indent + 2, columns)),
      ];
    }),
    ...notes.flatMap((note) => wrapped(`note: ${note}`, 6, columns)),
    "",
  ].join("\n");
}
