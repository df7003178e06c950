import { domainXslt, type DomainTweaks } from "./domainXslt";

/** What is wrong with a stylesheet, and what to do. */
export interface SheetProblem {
  readonly what: string;
  readonly fix: string;
}

interface Sheet {
  /** Declarations of namespaces, as the root has them. */
  readonly namespaces: string;
  readonly excluded: string;
  readonly extensions: string;
  readonly templates: string;
}

const COMMENTS = String.raw`(?:\s*<!--(?:[^-]|-(?!->))*-->)*\s*`;
const ATTRIBUTE = String.raw`\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*')`;
const SHEET = new RegExp(
  String.raw`^\s*(?:<\?xml[^>]*\?>)?${COMMENTS}<xsl:(stylesheet|transform)((?:${ATTRIBUTE})+)\s*>` +
    String.raw`([^]*)</xsl:\1>${COMMENTS}$`,
);

function readSheet(text: string): Sheet | SheetProblem {
  const [, , attributes, templates] = SHEET.exec(text) ?? [];
  if (attributes === undefined || templates === undefined) {
    return {
      what: "is no stylesheet with the root xsl:stylesheet",
      fix: "write a whole one with the prefix xsl, such as one of docs/hypervisor.md",
    };
  }
  if (/<xsl:(?:import|include)\b|\bdocument\s*\(/.test(templates)) {
    return {
      what: "reads another file",
      fix: "write its templates here: a preview does not see that another file changed",
    };
  }
  if (/\bmatch\s*=\s*(["'])\s*\/\s*\1/.test(templates)) {
    return { what: 'has a template for "/"', fix: "match /domain, or what is in it" };
  }
  const attribute = (name: string): string =>
    new RegExp(`\\s${name}\\s*=\\s*(["'])(.*?)\\1`).exec(attributes)?.[2] ?? "";
  const namespaces = attributes.match(/\sxmlns:(?!xsl\b)[\w.-]+\s*=\s*(?:"[^"]*"|'[^']*')/g) ?? [];
  return {
    namespaces: namespaces.join(""),
    excluded: attribute("exclude-result-prefixes"),
    extensions: attribute("extension-element-prefixes"),
    templates,
  };
}

/** Why a stylesheet of the user's cannot be put behind ours; undefined: it can. */
export function sheetProblem(text: string): SheetProblem | undefined {
  const sheet = readSheet(text);
  return "what" in sheet ? sheet : undefined;
}

/**
 * The stack's stylesheet and then the user's, as one: the provider takes one. The first works in a mode of its
 * own, and its result is made a document for the second (exsl:node-set, https://exslt.github.io/exsl/), which may
 * leave out what it does not change.
 * @param text without a sheetProblem
 */
export function withOwnXslt(tweaks: DomainTweaks, text: string | undefined): string {
  const ours = domainXslt(tweaks);
  if (text === undefined) return ours;
  const sheet = readSheet(text);
  if ("what" in sheet) throw new RangeError(`hypervisor.xslt: ${sheet.what}`);
  const templates = ours
    .replace(/^<xsl:stylesheet[^>]*>\n/, "")
    .replace(/<\/xsl:stylesheet>\n$/, "")
    .replaceAll("<xsl:template ", '<xsl:template mode="stack" ')
    .replaceAll("<xsl:apply-templates ", '<xsl:apply-templates mode="stack" ');
  const extensions =
    sheet.extensions === "" ? "" : ` extension-element-prefixes="${sheet.extensions}"`;
  return `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:stack="http://exslt.org/common"${sheet.namespaces} exclude-result-prefixes="${`stack ${sheet.excluded}`.trim()}"${extensions}>
${templates}
  <xsl:template match="/">
    <xsl:variable name="of-the-stack"><xsl:apply-templates mode="stack"/></xsl:variable>
    <xsl:apply-templates select="stack:node-set($of-the-stack)/domain"/>
  </xsl:template>
  <xsl:template match="@*|node()" priority="-9">
    <xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy>
  </xsl:template>
${sheet.templates.replace(/^\n+|\s+$/g, "")}
</xsl:stylesheet>
`;
}
