/**
 * Text in sections that each start with a line `--- NAME`; what comes before the first is dropped.
 * Blanks at the end of a line go: the programs that fill the sections are free with them.
 */
export function sectionsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (const row of text.split("\n").map((line) => line.trimEnd())) {
    const title = /^--- (\S+)$/.exec(row)?.[1];
    if (title === undefined) {
      current.push(row);
    } else {
      current = [];
      sections.set(title, current);
    }
  }
  return sections;
}

/** Sections that are missing in the text and those that no reader knows, each in words. */
export function sectionProblems(text: string, known: readonly string[]): string[] {
  const found = [...sectionsOf(text).keys()];
  return [
    ...known.filter((name) => !found.includes(name)).map((name) => `section ${name} is missing`),
    ...found.filter((name) => !known.includes(name)).map((name) => `section ${name} is unknown`),
  ];
}
