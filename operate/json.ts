/**
 * The document that `--json` prints: one line of JSON. So each line of `status --watch --json` is a
 * document, and `jq .` makes any of them pretty.
 */
export const json = <Document>(document: NoInfer<Document>): string =>
  `${JSON.stringify(document)}\n`;
