import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The lines between two markers of a page; with UPDATE_DOCS=1 they are written first. */
export function section(page: string, name: string, wanted: string): string {
  const file = join(__dirname, "../../../docs", page);
  const marks = new RegExp(`(<!-- ${name}: begin[^>]*-->\n)([^]*?)(<!-- ${name}: end -->)`);
  const text = readFileSync(file, "utf8");
  if (process.env.UPDATE_DOCS === "1") {
    writeFileSync(
      file,
      text.replace(marks, (_all, begin: string, _old, end: string) => {
        return `${begin}\n${wanted}\n\n${end}`;
      }),
    );
  }
  return marks.exec(readFileSync(file, "utf8"))?.[2]?.trim() ?? "";
}

/** A table with its columns aligned, as the formatter of the repository writes it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
