import { isAlias, LineCounter, parseDocument, visit, YAMLParseError } from "yaml";

/** What to do about the slips that are made most, by the parser's codes. */
const SLIPS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "indent with blanks, not with a tab",
  BAD_INDENT: "indent it as the lines beside it",
  DUPLICATE_KEY: "the key stands there twice: remove one",
  MISSING_CHAR:
    "a quote, a bracket or the blank after a colon is missing, or the indent is another",
};

/** The parser's own messages show the text, which may hold what must not be shown. */
export class NotYaml extends Error {
  public override readonly name = "NotYaml";

  public constructor(
    public readonly line: number | undefined,
    public readonly fix: string,
  ) {
    super(`${line === undefined ? "is" : `line ${line} is`} not YAML`);
  }
}

/** The value of a YAML text. @throws NotYaml */
export function parseYaml(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error instanceof YAMLParseError) {
    throw new NotYaml(
      error.linePos?.[0].line,
      SLIPS[error.code] ?? "correct it, or what stands above it",
    );
  }
  const anchors = new Set<string>();
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
      } else if (!anchors.has(node.source)) {
        const line = lines.linePos(node.range?.[0] ?? 0).line;
        throw new NotYaml(line, "put quotes around a value that begins with an asterisk");
      }
    },
  });
  try {
    return document.toJS() as unknown;
  } catch {
    throw new NotYaml(undefined, "write each value itself, where an anchor stands for too many");
  }
}
