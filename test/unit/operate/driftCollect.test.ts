import { Refusal } from "../../../operate/command";
import { collectDrift } from "../../../operate/drift/collect";
import type { DriftFinding } from "../../../contract/documents/operate";

const finding = (what: string): DriftFinding => ({ kind: "file", what, problem: "x", steps: [] });
const told = (what: string) => () =>
  Promise.resolve({ findings: [finding(what)], notes: [`${what} noted`], unknown: [] });
const silent = () => Promise.reject(new Refusal("perimeter cannot be reached"));

it("puts together what all machines answer", async () => {
  expect(await collectDrift([told("gateway"), told("perimeter")])).toEqual({
    findings: [finding("gateway"), finding("perimeter")],
    notes: ["gateway noted", "perimeter noted"],
    unknown: [],
  });
});

it("loses nothing of the others to a machine that cannot be reached", async () => {
  expect(await collectDrift([told("gateway"), silent])).toEqual({
    findings: [finding("gateway")],
    notes: ["gateway noted"],
    unknown: ["perimeter cannot be reached"],
  });
});

it("takes no mistake of our own for a machine that cannot be reached", async () => {
  const broken = () => Promise.reject(new TypeError("undefined is not a function"));
  await expect(collectDrift([told("gateway"), broken])).rejects.toThrow(TypeError);
});
