import { gwctlLive } from "../../../contract/gwctl";
import { sectionProblems, sectionsOf } from "../../../parse/sections";
import { declared } from "../operate/support/deployed";
import { liveText } from "../operate/support/liveText";

const KNOWN = Object.keys(gwctlLive.shape);
const text = liveText({ tunnels: [{ tunnel: declared("west", 1) }] });

it("the text that tests have for gwctl live is of the contract's form", () => {
  const rows = [...sectionsOf(text)].map(([name, lines]) => [name, lines.filter(Boolean)]);
  expect(gwctlLive.parse(Object.fromEntries(rows))).toMatchObject({ tunnels: ["west iked up"] });
  expect(sectionProblems(text, KNOWN)).toEqual([]);
});

it("a section that is missing is named, and so is one that no reader knows", () => {
  const other = text.replace("--- sec\n", "--- other\n");
  expect(sectionProblems(other, KNOWN)).toEqual([
    "section sec is missing",
    "section other is unknown",
  ]);
});
