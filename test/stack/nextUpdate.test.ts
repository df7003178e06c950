// What an update finds in the state is what the one before left there.
import type { Registered } from "./support/program";
import { runProgram, type StackValues, stackValues } from "./support/program";
import { AUTHORITY, OWN } from "../unit/support/fixedCertificates";

const key = (name: string) => `openbsd-ipsec-gateway:${name}`;

function changed(values: StackValues, name: string, fields: object): StackValues {
  return { ...values, [key(name)]: { ...(values[key(name)] as object), ...fields } };
}

const plain = () => stackValues("test");

const stacks: [string, () => StackValues][] = [
  ["as committed", plain],
  ["with its own resolver", () => changed(plain(), "network", { dns: ["192.0.2.53"] })],
  [
    "with certificates",
    () => changed(plain(), "ike", { certificates: { ca: AUTHORITY, own: OWN } }),
  ],
];

describe.each(stacks)("a stack %s", (_kind, values) => {
  it("may be updated although nothing changed", async () => {
    const first = await runProgram(values());
    const second = await runProgram(values(), {}, true, first);
    expect(second.resources.map(urn).sort()).toEqual(first.resources.map(urn).sort());
  });

  it("may get another system", async () => {
    const first = await runProgram(values());
    const again = changed(values(), "source", { iso: { ...iso(values()), generation: 2 } });
    const second = await runProgram(again, {}, true, first);
    expect(second.resources.map(urn).sort()).toEqual(first.resources.map(urn).sort());
  });
});

it("refuses a tunnel's removal in the update that gives the gateway another system", async () => {
  const values = plain();
  const first = await runProgram(values);
  const again = changed(values, "source", { iso: { ...iso(values), generation: 2 } });
  const tunnels = values[key("tunnels")] as { name: string }[];
  again[key("tunnels")] = tunnels.filter(({ name }) => name !== "east");
  await expect(runProgram(again, {}, true, first)).rejects.toThrow(
    /east leaves the stack in the update that gives the gateway another system.*GW148/,
  );
});

const urn = (resource: Registered) => resource.urn;
const iso = (values: StackValues) => (values[key("source")] as { iso: object }).iso;
