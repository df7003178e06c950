import { rules } from "../../../config/rules";
import { section, table } from "./support";

it("docs/rules.md has every rule, with the reason the program knows", () => {
  const wanted = table(
    ["code", "", "because"],
    rules.map(({ code, level, reason }) => [
      `<a id="${code.toLowerCase()}"></a>${code}`,
      level === "warning" ? "warns" : "refuses",
      reason,
    ]),
  );
  expect(section("rules.md", "rules", wanted)).toBe(wanted);
});
