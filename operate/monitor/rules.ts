/** The rows of `pfctl -v -s rules` about one tunnel: the rules that carry its tag, with their counters. */
export function rowsOfTag(rows: readonly string[], tunnel: string): string[] {
  const tag = new RegExp(`\\bvpn-${tunnel}(?![\\w-])`);
  let shown = false;
  return rows.filter((row) => {
    // Counters stand below their rule, indented.
    if (!row.startsWith(" ")) shown = tag.test(row);
    return shown;
  });
}
