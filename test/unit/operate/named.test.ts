import { tunnelNamed } from "../../../operate/stack/named";
import { declared, deployed } from "./support/deployed";

const of = (...names: string[]) => ({
  ...deployed,
  tunnels: names.map((name, i) => declared(name, i + 1)),
});
const many = of(...Array.from({ length: 40 }, (_, i) => `branch-${i}`), "vienna");

test("a tunnel is found by its name", () => {
  expect(tunnelNamed(many, "vienna").name).toBe("vienna");
});

test.each([
  [of(), "west", "west: no such tunnel: the stack has none"],
  [of("west", "east"), "wset", "wset: no such tunnel: the stack has west, east"],
  [many, "viena", "viena: no such tunnel: none of the stack's 41: did you mean vienna?"],
  [many, "x", "x: no such tunnel: none of the stack's 41: ./scripts/gateway status lists them"],
])("of another it says what there is (%#)", (outputs, name, message) => {
  expect(() => tunnelNamed(outputs, name)).toThrow(message);
});
