import { paint, wrapped } from "../status/text";
import { redacted } from "../monitor/redact";
import type { Diagnosis } from "../../contract/documents/why";

/** The diagnosis for a person, in lines of the given width where that is possible. */
export function whyReport(
  { name, state, cause, notes }: Diagnosis,
  columns: number,
  colours: boolean,
) {
  const { code, phase, field, what, evidence, fix, tell } = cause;
  const where = [phase === "none" ? undefined : phase, field].filter(Boolean).join(", ");
  const headline = `${name} is ${state}${where === "" ? "" : ` (${where})`}: ${what}`;
  const style = code === "none" ? "green" : code === "unknown" ? "yellow" : "red";
  return [
    ...wrapped(headline, 2, columns).map((line) => paint(style, line, colours)),
    ...(evidence.length > 0 ? ["", "evidence:"] : []),
    ...evidence.map(
      ({ stamp, text }) => `  ${stamp === undefined ? "" : `${stamp} `}${redacted(text)}`,
    ),
    "",
    ...wrapped(`here:  ${fix}`, 7, columns),
    ...(tell === undefined ? [] : wrapped(`there: "${tell}"`, 7, columns)),
    ...(notes.length > 0 ? ["", "also:"] : []),
    ...notes.flatMap((note) => wrapped(`  ${redacted(note)}`, 4, columns)),
    "",
  ].join("\n");
}
