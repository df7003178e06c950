import { GIB } from "../../../../config/units";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Applied } from "../../../../contract/applied";
import { type Answers, FakePrograms } from "../../support/fakePrograms";
import { printed } from "../../support/openbsd";
import { edited, type Values, values } from "../../support/stack";
import { deployed, exported } from "./deployed";
import { liveText } from "./liveText";

export const steps = ["step"];
const applied: Applied = {
  files: [],
  sysctls: { values: {}, steps },
  services: { daemon: "iked", steps },
  watchdog: { enabled: true, steps },
  ike: { steps },
  pf: { steps },
  tunnels: deployed.tunnels.map(({ name }) => ({ name, enabled: true, files: [] })),
  packages: { names: ["vim"], steps },
  patches: { policy: "off", steps },
};
const live = liveText({ tunnels: deployed.tunnels.map((tunnel) => ({ tunnel })) });
/** What `gwctl drift` prints: a package is missing. */
export const drift = `${live.slice(0, live.indexOf("--- clock"))}--- main\n--- packages\nvim -\n`;
const path = `--- mtus
west 1390
east 1390
--- sas
--- states
${[500, 4500]
  .map((port) => `all udp 10.10.0.2:${port} <- 198.51.100.11:${port}       MULTIPLE:MULTIPLE`)
  .join("\n")}
--- rules
match on enc0 all scrub (max-mss 1350)
`;
const facts = `release 7.9
version OpenBSD 7.9 (GENERIC) #1: Mon
home-free-kib 4194304
usr-used-percent 40
relinking no
unfinished no
installurl https://cdn.openbsd.org/pub/OpenBSD
`;

/** The test stack, its gateway and its hypervisor, for commands that ask them by programs. */
export function fakeStack(): FakePrograms {
  const fakes = new FakePrograms();
  writeFileSync(join(fakes.folder, "Pulumi.yaml"), "name: openbsd-ipsec-gateway\n");
  stackFile(fakes, "test", values());
  stackFile(fakes, "other", edited({ "machine.name": "gw-other" }));
  fakes.answer("pulumi", [
    ["preview", JSON.stringify({ changeSummary: { same: 3 } })],
    ["output provable", JSON.stringify({ shape: "s", code: "c", source: "image" })],
    ["config set-all", ""],
    ["up", ""],
    ["config --json", JSON.stringify(configJson())],
    ["stack output", exported({ ...deployed, applied })],
  ]);
  fakes.answer("ssh", sshAnswers());
  fakes.answer("virsh", virshAnswers());
  return fakes;
}

function stackFile(fakes: FakePrograms, stack: string, all: Values): void {
  const config = Object.fromEntries(
    Object.entries(all).map(([key, value]) => [`openbsd-ipsec-gateway:${key}`, value]),
  );
  writeFileSync(join(fakes.folder, `Pulumi.${stack}.yaml`), stringify({ config }));
}

function configJson() {
  const { machine, hypervisor } = values();
  return {
    "openbsd-ipsec-gateway:machine": { objectValue: machine },
    "openbsd-ipsec-gateway:hypervisor": { objectValue: hypervisor },
  };
}

export function sshAnswers(): Answers {
  return [
    ["gwctl live", live],
    ["gwctl drift", drift],
    ["gwctl tunnel up", "unchanged\n"],
    ["gwctl release facts", facts],
    ["gwctl patches report", "installed 001_iked\nunchanged\n"],
    ["--- mtus", path],
    ["ipsecctl -s all", `FLOWS:\n${printed("ipsecctl-flow")}`],
    ["pfctl -v -s rules", printed("pfctl-rules")],
  ];
}

function virshAnswers(): Answers {
  return [
    ["pool-refresh", ""],
    ["vol-list", " gw-test   /dev/vg0/gw-test\n gw-test-before-7.8   /dev/vg0/x\n"],
    ["-identity", "error: failed to get vol", 1],
    ["vol-info", `Capacity: ${4 * GIB}\n`],
    ["vol-key --pool vg0 gw-test-before-7.8", "another uuid"],
    ["vol-key", "uuid-of-it"],
    ["list --all", "gw-test\n"],
    ["dumpxml", "<domain><source pool='vg0' volume='gw-test'/></domain>"],
    ["domstate", "running"],
    ["domuuid", "5f0c1d3a"],
    ["pool-info", `State: running\nAvailable: ${40 * GIB}\n`],
  ];
}
