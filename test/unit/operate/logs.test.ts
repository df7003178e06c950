import type { FakePrograms } from "../support/fakePrograms";
import { declared, deployed, exported } from "./support/deployed";
import { fakeStack } from "./support/fakeStack";
import { gateway } from "./support/gateway";

let fakes: FakePrograms;
beforeEach(() => (fakes = fakeStack()));
afterEach(() => {
  fakes.remove();
});

const dropped = (host: number) =>
  `Nov 24 00:04:24 gw isakmpd[7]: dropped message from 198.51.100.${host} port 500 due to notification type X`;
const LOG = [dropped(21), dropped(22)].map((line) => `${line}\n`).join("");

it("logs NAME goes by where the gateway has a peer that is given by name", async () => {
  const tunnels = [declared("shop", 1, { peer: "vpn.example.net" })];
  fakes.answer("pulumi", [["stack output", exported({ ...deployed, tunnels })]]);
  fakes.answer("ssh", [
    ["# gwctl peer", `peer 198.51.100.22\n${LOG}`],
    ["tail -n 1000 /var/log/daemon", LOG],
  ]);
  const { status, out } = await gateway(["logs", "shop", "--stack", "test"]);
  expect([status, out]).toEqual([0, `${dropped(22)}\n`]);
});

it("logs of every tunnel asks for no peer", async () => {
  fakes.answer("ssh", [["tail -n 1000 /var/log/daemon", LOG]]);
  const { status, out } = await gateway(["logs", "--stack", "test"]);
  expect([status, out]).toEqual([0, LOG]);
});
