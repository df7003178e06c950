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

/** Sections of the list that are not in the text. */
export function missingSections<Name extends string>(text: string, known: readonly Name[]): Name[] {
  const found = sectionsOf(text);
  return known.filter((name) => !found.has(name));
}

/** Sections that are missing in the text, and those that no reader knows, in words. */
export function sectionProblems(text: string, known: readonly string[]): string[] {
  const unknown = [...sectionsOf(text).keys()].filter((name) => !known.includes(name));
  return [...named(missingSections(text, known), "missing"), ...named(unknown, "unknown")];
}

function named(sections: readonly string[], what: string): string[] {
  if (sections.length === 0) return [];
  const [noun, verb] = sections.length === 1 ? ["section", "is"] : ["sections", "are"];
  return [`${noun} ${sections.join(", ")} ${verb} ${what}`];
}
