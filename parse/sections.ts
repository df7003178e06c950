/** Text in sections that each start with a line `--- NAME`; what comes before the first is dropped. */
export function sectionsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (const row of text.split(/\r?\n/)) {
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
