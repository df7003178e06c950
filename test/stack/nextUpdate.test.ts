// What an update finds in the state is what the one before left there.
import { readdirSync } from "node:fs";
import {
  fileValues,
  type Program,
  runProgram,
  type StackValues,
  stackValues,
} from "./support/program";

const key = (name: string) => `openbsd-ipsec-gateway:${name}`;
const urns = ({ resources }: Program) => resources.map(({ urn }) => urn).sort();

const files = [
  "Pulumi.test.yaml",
  ...readdirSync("examples").flatMap((name) =>
    name.endsWith(".yaml") ? [`examples/${name}`] : [],
  ),
];

// The warnings of a stack have tests of their own.
beforeAll(() => {
  jest.spyOn(console, "warn").mockImplementation(() => undefined);
});

it.each(files)("%s may be updated although nothing changed", async (file) => {
  const first = await runProgram(fileValues(file));
  const second = await runProgram(fileValues(file), {}, true, first);
  expect(urns(second)).toEqual(urns(first));
});

describe("another installation", () => {
  const anew = (values: StackValues): StackValues => {
    const { iso } = values[key("source")] as { iso: object };
    return { ...values, [key("source")]: { iso: { ...iso, generation: 2 } } };
  };

  it("keeps every step", async () => {
    const first = await runProgram(stackValues("test"));
    const second = await runProgram(anew(stackValues("test")), {}, true, first);
    expect(urns(second)).toEqual(urns(first));
  });

  it("refuses the removal of a tunnel in the same update", async () => {
    const first = await runProgram(stackValues("test"));
    const values = anew(stackValues("test"));
    const all = values[key("tunnels")] as { name: string }[];
    values[key("tunnels")] = all.filter(({ name }) => name !== "east");
    await expect(runProgram(values, {}, true, first)).rejects.toThrow(
      /east leaves the stack in the update that gives the gateway another system.*GW148/,
    );
  });
});
