import { gwctlLive } from "../../../contract/gwctl";
import { sectionProblems } from "../../../parse/sections";
import { declared } from "../operate/support/deployed";
import { liveText } from "../operate/support/liveText";
import { inSections } from "../support/sections";

const KNOWN = Object.keys(gwctlLive.shape);
const text = liveText({ tunnels: [{ tunnel: declared("west", 1) }] });

it("the text that tests have for gwctl live is of the contract's form", () => {
  expect(inSections(gwctlLive, text)).toMatchObject({ tunnels: ["west iked up"] });
  expect(sectionProblems(text, KNOWN)).toEqual([]);
});

it("sections that are missing are named, and so are those that no reader knows", () => {
  const other = text.replace("--- sec\n", "--- other\n");
  expect(sectionProblems(other, KNOWN)).toEqual([
    "section sec is missing",
    "section other is unknown",
  ]);
  expect(sectionProblems("--- gwctl\n", ["gwctl", "pf", "sec"])).toEqual([
    "sections pf, sec are missing",
  ]);
});
