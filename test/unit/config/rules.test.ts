import { type Code, CODES } from "../../../config/codes";
import { rules } from "../../../config/rules";
import { edited, problemsOf, type Values, warningsOf, west } from "../support/stack";
import { cases, secrets } from "./cases";

const cbc = { encryption: "aes-256", integrity: "hmac-sha2-256", group: "ecp256" };
function found(code: string, changes: Values) {
  const of = isCode(code) && CODES[code].level === "warns" ? warningsOf : problemsOf;
  return of(edited(changes), secrets).filter((problem) => problem.code === code);
}

describe.each(Object.entries(cases))("%s", (code, all) => {
  it.each(all)("speaks at $at with $says", ({ refuses, at, says }) => {
    const problems = found(code, refuses);
    expect(problems.map(({ path }) => path)).toContain(at);
    expect(problems.map(({ message, fix }) => `${message}: ${fix}`).join("\n")).toMatch(says);
  });

  it.each(all)("accepts the right form at $at", ({ accepts }) => {
    expect(problemsOf(edited(accepts), secrets)).toEqual([]);
    expect(found(code, accepts)).toEqual([]);
  });
});

it.each<[string, Values]>([
  ["null", { phase2: { ...cbc, encryption: "null" } }],
  ["single DES", { phase1: { ...cbc, encryption: "des" } }],
  ["modp768", { phase2: { ...cbc, group: "modp768" } }],
  ["aggressive mode", { mode: "aggressive" }],
  ["aggressive mode in phase 1", { phase1: { ...cbc, mode: "aggressive" } }],
])("no exception allows %s", (_, change) => {
  const exception = { reason: "no other firmware", expires: "2099-12-31" };
  for (const daemon of ["iked", "isakmpd"]) {
    const problems = (tunnel: Values) =>
      problemsOf(edited({ "ike.daemon": daemon, tunnels: [{ ...tunnel, exception }] }));
    expect(problems({ ...west(), ...change })).not.toEqual([]);
    expect(problems(west())).toEqual([]);
  }
});

function isCode(text: string): text is Code {
  return Object.hasOwn(CODES, text);
}

it("every rule has a code of its own and a case here", () => {
  expect(rules.map(({ code }) => code)).toEqual(Object.keys(cases).sort());
});
