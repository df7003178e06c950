import { type Change, whyNot, withResourcesOf } from "../../../../operate/promotion/ownResources";

const STACK = "urn:pulumi:prod::gw::pulumi:pulumi:Stack::gw-prod";
const urn = (name: string) => `urn:pulumi:prod::gw::command:remote:Command::${name}`;
const resource = (name: string, modified: string, more: object = {}) => ({
  urn: urn(name),
  type: "command:remote:Command",
  custom: true,
  modified,
  ...more,
});
const stack = (outputs: object) => ({
  urn: STACK,
  type: "pulumi:pulumi:Stack",
  custom: false,
  outputs,
});

function state(resources: object[], more: object = {}): string {
  const secrets_providers = { type: "passphrase", state: { salt: "s" } };
  return JSON.stringify({ version: 3, deployment: { secrets_providers, resources, ...more } });
}

const BEFORE = [
  stack({ tunnels: "old", proof: { at: "1" } }),
  resource("west-psk", "1"),
  resource("west", "1", { inputs: { stdin: "old" } }),
  resource("east", "1"),
];
const AFTER = [
  stack({ tunnels: "new", proof: { at: "1" } }),
  resource("west", "2", { inputs: { stdin: "new" } }),
  resource("east", "1"),
];
const change: Change = {
  tunnel: "west",
  urns: [urn("west"), urn("west-psk")],
  before: state(BEFORE),
  after: state(AFTER),
};

function putBack(now: object[], more: object = {}, what = change): object {
  return JSON.parse(withResourcesOf(what, state(now, more))) as object;
}

describe("a tunnel that is put back", () => {
  it("has its resources of before, where they were, and the stack names it as before", () => {
    expect(putBack(AFTER)).toEqual(JSON.parse(change.before));
    const added = resource("west-psk", "3");
    const withoutKey = BEFORE.filter(({ urn: one }) => one !== urn("west-psk"));
    const kept = { ...change, before: state(withoutKey), after: undefined };
    expect(putBack([...AFTER, added], {}, kept)).toEqual(JSON.parse(state(withoutKey)));
  });

  it("leaves what else the state says: a proof recorded since, an operation of another resource", () => {
    const proven = [stack({ tunnels: "new", proof: { at: "2" } }), ...AFTER.slice(1)];
    const pending = (name: string) => ({ type: "updating", resource: { urn: urn(name) } });
    const back = putBack(proven, { pending_operations: [pending("west"), pending("east")] });
    const expected = [stack({ tunnels: "old", proof: { at: "2" } }), ...BEFORE.slice(1)];
    expect(back).toEqual(JSON.parse(state(expected, { pending_operations: [pending("east")] })));
  });

  it.each<[string, object[], RegExp]>([
    ["another tunnel was added", [...AFTER, resource("south", "3")], /^south was deployed since/],
    ["another one was removed", AFTER.slice(0, 2), /^east was deployed since/],
    [
      "another one was changed",
      [...AFTER.slice(0, 2), resource("east", "3")],
      /^east was deployed since: west keeps its new values.*give it its old ones and run pulumi up/,
    ],
    [
      "it was changed once more itself",
      [AFTER[0] ?? {}, resource("west", "3"), resource("east", "1")],
      /^west itself was deployed again since/,
    ],
  ])("is not, where %s", (_, now, why) => {
    expect(() => putBack(now)).toThrow(why);
    expect(whyNot(change, state(now))).toMatch(why);
  });

  it("is not, where the state is written with another key now", () => {
    const other = JSON.stringify({
      deployment: { secrets_providers: { state: { salt: "t" } }, resources: AFTER },
    });
    expect(whyNot(change, other)).toMatch(/^the stack's secrets have another provider since/);
  });

  it("does not mind that an update read the other stack's proof, or touched a component", () => {
    const test = (modified: string) => resource("test", modified, { external: true });
    const part = (modified: string) => resource("part", modified, { custom: false });
    const then = { ...change, before: state([...BEFORE, test("1"), part("1")]) };
    expect(whyNot(then, state([...AFTER, test("2"), part("2")]))).toBeUndefined();
  });
});
