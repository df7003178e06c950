import { CODES } from "../../../config/codes";
import { section, table } from "./support";

it("docs/rules.md has every code", () => {
  const wanted = table(
    ["code", "", "what", "because"],
    Object.entries(CODES).map(([code, { level, what, why }]) => [
      `<a id="${code.toLowerCase()}"></a>${code}`,
      ...[level, what, why],
    ]),
  );
  expect(section("rules.md", "codes", wanted)).toBe(wanted);
});
