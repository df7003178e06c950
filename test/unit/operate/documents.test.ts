import { document } from "../support/documents";
import type { FakePrograms } from "../support/fakePrograms";
import { drift, fakeStack, sshAnswers, steps } from "./support/fakeStack";
import { gateway } from "./support/gateway";

const verifying = ["verify", "--stack", "test", "--timeout", "0", "--json"];

let fakes: FakePrograms;
beforeEach(() => (fakes = fakeStack()));
afterEach(() => {
  fakes.remove();
});

type Name = Parameters<typeof document>[0];

/** What the command printed, its exit status and what it said beside. */
async function printedBy(name: Name, argv: readonly string[]) {
  const { status, out, err } = await gateway(argv);
  return { status, err, found: out === "" ? undefined : document(name, out) };
}

/** What the command prints is the document, and its exit status is this. */
function prints(name: Name, argv: readonly string[], status: number, found: unknown): void {
  it(name, async () => {
    expect(await printedBy(name, argv)).toMatchObject({ status, found });
  });
}

prints("status", ["status", "--json"], 0, {
  tunnels: [{ name: "east", state: "proven" }, { name: "west" }],
  problems: [],
});
prints("drift", ["drift", "--json"], 1, {
  findings: [{ kind: "package", what: "vim", steps }],
  unknown: [],
  marked: [],
});
prints("path", ["path", "--json"], 0, { rows: expect.any(Array) as unknown });
prints("tunnel", ["tunnel", "up", "west", "--json"], 0, {
  action: "up",
  said: ["unchanged"],
  tunnels: [{ name: "west", reached: true }],
});
prints("verify", verifying, 1, { stack: "test", ok: false });
prints("upgrade", ["upgrade", "8.0", "--stack", "test", "--check", "--no-copy", "--json"], 0, {
  gateway: "gw-test",
  from: "7.9",
});
prints(
  "migrate",
  ["migrate", "--to", "qemu+ssh://root@other/system", "--stack", "test", "--check", "--json"],
  1,
  { stack: "test", ok: false },
);
prints("why", ["why", "west", "--json"], 0, { name: "west", cause: { code: "none" } });
prints("flows", ["flows", "--json"], 0, { flows: expect.any(Array) as unknown });
prints("rules", ["rules", "--json"], 0, { rules: expect.any(Array) as unknown });

it("verify: a stack that is proven", async () => {
  fakes.answer("ssh", [["gwctl drift", drift.replace("vim -", "vim vim-9.2")], ...sshAnswers()]);
  const { status, found } = await printedBy("verify", verifying);
  expect([status, found]).toMatchObject([0, { ok: true, proof: { shape: "s", code: "c" } }]);
});
