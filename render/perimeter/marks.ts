import { lines } from "../text";

/**
 * A script with the mark it leaves. As long as the machine has the mark and what the step made, the
 * step need not run again.
 */
export function marked(mark: string, script: string): string {
  return `mark=${mark}\n${script}`;
}

/** A script that runs `state` of each: for one connection to the machine. */
export function questions(scripts: ReadonlyMap<string, string>): string {
  return lines(
    ...[...scripts].flatMap(([name, script], index) => [
      `echo '--- ${name}'`,
      `sh -s state <<'END_OF_SCRIPT_${index}'`,
      script.trimEnd(),
      `END_OF_SCRIPT_${index}`,
    ]),
  );
}

export interface StateLine {
  readonly state: string;
  readonly detail: string;
}

/** What each script said, by its name. */
export function answers(text: string): Map<string, StateLine[]> {
  const found = new Map<string, StateLine[]>();
  let current: StateLine[] = [];
  for (const line of text.split("\n")) {
    const name = /^--- (.+)$/.exec(line)?.[1];
    if (name !== undefined) found.set(name, (current = []));
    const [state = "", detail = ""] = line.split("\t", 2);
    if (line.includes("\t")) current.push({ state, detail });
  }
  return found;
}

/** The marks of the steps whose work is there, by name. */
export function marks(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, said] of answers(text)) {
    const mark = said.find(({ state }) => state === "mark")?.detail;
    const whole = said.every(({ state }) => ["mark", "present", "advice"].includes(state));
    if (whole && mark !== undefined && mark !== "") found.set(name, mark);
  }
  return found;
}
