import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem } from "../../config/load";
import type { StackConfig } from "../../config/schema";
import { DOMAIN_FACTS, providedXml } from "../../render/domainFacts";
import { sheetProblem, withOwnXslt } from "../../render/ownXslt";
import { expandHome } from "../ssh";
import { cardsOf } from "./networkCards";

/** The text of `hypervisor.xslt`; undefined where there is none. */
export function ownStylesheet({ hypervisor }: StackConfig): string | undefined {
  return hypervisor.xslt === undefined
    ? undefined
    : readFileSync(expandHome(hypervisor.xslt), "utf8");
}

/**
 * Tries the user's stylesheet on a machine like the one that the provider will define, before anything is
 * touched: that it can be applied, that libvirt's schema accepts the result (virt-xml-validate, where it is
 * installed; libvirt itself judges when it defines the machine), and that what the stack relies on is as before.
 */
export function stylesheetProblems(config: StackConfig): Problem[] {
  const { hypervisor, machine } = config;
  if (hypervisor.xslt === undefined || !existsSync(expandHome(hypervisor.xslt))) return [];
  const text = ownStylesheet(config) ?? "";
  const unusable = sheetProblem(text);
  if (unusable) return [problem(unusable.what, unusable.fix)];
  const folder = mkdtempSync(join(tmpdir(), "gateway-xslt-"));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  try {
    const provided = file(
      "provided.xml",
      providedXml({ ...machine, ...hypervisor, cards: cardsOf(config) }),
    );
    const apply = (sheet: string, to: string) =>
      run("xsltproc", ["--nonet", "--nowrite", sheet, to]);
    const ours = apply(file("ours.xsl", withOwnXslt(hypervisor, undefined)), provided);
    if (ours.missing) {
      return [problem("needs xsltproc, as the libvirt provider does", "install xsltproc here")];
    }
    const theirs = apply(file("theirs.xsl", withOwnXslt(hypervisor, text)), provided);
    if (theirs.status !== 0) {
      return [problem(`cannot be applied (${theirs.said})`, "correct the stylesheet")];
    }
    const facts = file("facts.xsl", DOMAIN_FACTS);
    const result = file("theirs.xml", theirs.stdout);
    const [before, after] = [file("ours.xml", ours.stdout), result].map((xml) =>
      apply(facts, xml)
        .stdout.split("\n")
        .filter((line) => line !== ""),
    );
    const changed = differences(before ?? [], after ?? []);
    if (changed.length > 0) return changed;
    // It needs this one, which its package does not bring, and fails alike for an invalid file.
    if (run("xmllint", ["--version"]).missing) return [];
    const valid = run("virt-xml-validate", [result, "domain"]);
    return valid.missing || valid.status === 0
      ? []
      : [
          problem(
            `makes a definition that libvirt does not accept (${valid.said})`,
            "correct the stylesheet: https://libvirt.org/formatdomain.html",
          ),
        ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function differences(before: readonly string[], after: readonly string[]): Problem[] {
  const fix = "leave that as it is: the stack relies on it, and its own keys change it";
  return [
    ...without(before, after).map((fact) => problem(`takes away: ${fact}`, fix)),
    ...without(after, before).map((fact) => problem(`adds: ${fact}`, fix)),
  ];
}

/** The entries of the first list that the second does not have as often. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return all.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

interface Ran {
  /** There is no such program here. */
  readonly missing: boolean;
  readonly status: number | null;
  readonly stdout: string;
  /** Its complaint, in one line without names of our own files. */
  readonly said: string;
}

function run(program: string, args: readonly string[]): Ran {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (error) return { missing: true, status: null, stdout: "", said: "" };
  const said = stderr
    .split("\n")
    .map((line) => line.replace(/^\S*\/(?:theirs|provided)\.\w+:?/, "").trim())
    .find((line) => line !== "");
  return {
    missing: false,
    status,
    stdout,
    said: said ?? `exit status ${String(status)}`,
  };
}

function problem(message: string, fix: string): Problem {
  return { code: "GW207", path: "hypervisor.xslt", message, fix };
}
