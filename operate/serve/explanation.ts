import { redacted } from "../monitor/redact";
import type { Diagnosis } from "../../contract/documents/why";
import type { Explanation } from "./source";

/** A diagnosis as the page shows it. Log lines lose what could be a key. */
export function explanationOf({ cause, notes }: Diagnosis): Explanation {
  const { code, phase, field, what, evidence, fix, tell } = cause;
  const where = [phase === "none" ? undefined : phase, field].filter((part) => part !== undefined);
  const place = where.length === 0 ? "" : `${where.join(", ")}: `;
  return {
    cause: redacted(`${place}${what}`),
    ...(code !== "none" && { fix: redacted(fix) }),
    ...(tell !== undefined && { tellPeer: redacted(tell) }),
    evidence: [
      ...evidence.map(({ stamp, text }) => ({
        ...(stamp !== undefined && { at: stamp }),
        text: redacted(text),
      })),
      ...notes.map((note) => ({ text: redacted(note) })),
    ],
  };
}
