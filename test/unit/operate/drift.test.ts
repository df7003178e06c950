import { gwctlDriftErrata } from "../../../contract/gwctl";
import type { Applied } from "../../../contract/applied";
import type { DeclaredTunnel } from "../../../contract/tunnel";
import { compare } from "../../../operate/drift/compare";
import { parseGwctlDrift } from "../../../parse/gwctlDrift";
import { inSections } from "../support/sections";
import { declared } from "./support/deployed";

const SHA = (digit: string) => digit.repeat(64);

const applied: Applied = {
  files: [{ path: "/root/.kshrc", sha256: SHA("a"), mode: "0644", steps: ["kshrc"] }],
  sysctls: { values: { "net.inet.ip.forwarding": "1" }, steps: ["sysctl"] },
  services: { daemon: "iked", steps: ["services", "ike"] },
  watchdog: { enabled: true, steps: ["watchdog"] },
  ike: { steps: ["ike"] },
  pf: { steps: ["pf", "pf-confirm", "pf-settled"] },
  tunnels: [
    {
      name: "west",
      enabled: true,
      files: [
        { path: "/etc/iked/west.conf", sha256: SHA("b"), mode: "0600", steps: ["west"] },
        { path: "/etc/hostname.sec1", sha256: SHA("c"), mode: "0640", steps: ["west-sec1"] },
      ],
    },
  ],
  packages: { names: ["vim--no_x11"], steps: ["packages"] },
  patches: { policy: "apply", steps: ["patches", "reboot", "rebooted"] },
};

/** What `gwctl drift errata` prints on a gateway that is as it was left; edits change lines. */
function told(...edits: [from: string | RegExp, to: string][]): string {
  const text = `--- gwctl
version 1
--- files
${SHA("b")} 0600 /etc/iked/west.conf
${SHA("c")} 0640 /etc/hostname.sec1
${SHA("a")} 0644 /root/.kshrc
--- services
iked on running
isakmpd off stopped
gwctl_watch on running
--- keys
--- tunnels
west iked up
--- names
--- proposals
--- flows
--- sas
--- ike
--- sec
--- groups
--- pf
Status: Enabled for 0 days 00:01:00
--- rules
pf loaded ${SHA("d")}
pf file ${SHA("d")}
--- sysctls
net.inet.ip.forwarding=1
--- watchdog
--- uptime
60
--- main
--- packages
vim--no_x11 vim-9.2.57-no_x11
--- errata
installed 001_iked
`;
  return edits.reduce((all, [from, to]) => all.replace(from, to), text);
}

function found(text: string, from: Applied = applied, tunnels: readonly DeclaredTunnel[] = []) {
  return compare(from, parseGwctlDrift(text, true), tunnels);
}

it("finds nothing on a gateway that is as the last up left it", () => {
  expect(found(told())).toEqual({ findings: [], notes: [], unknown: [] });
});

it("is tested with text of the contract's form", () => {
  expect(inSections(gwctlDriftErrata, told())).toMatchObject({ tunnels: ["west iked up"] });
});

it.each([
  ...["files", "main", "keys", "services", "tunnels", "sysctls", "pf", "rules", "packages"],
  "errata",
])("says nothing of a section %s that is missing, but that it is missing", (name) => {
  const parts = told().split(/^(?=--- )/m);
  const without = parts.filter((part) => !part.startsWith(`--- ${name}\n`)).join("");
  expect(found(without)).toEqual({
    ...{ findings: [], notes: [] },
    unknown: [
      `gwctl drift: section ${name} is missing: the gateway has another gwctl than this program: pulumi up`,
    ],
  });
});

// What was done by hand, what is said of it, and the steps that run again.
it.each<[edit: [string | RegExp, string], said: string, steps: string[]]>([
  [[SHA("a"), SHA("0")], "file /root/.kshrc was changed", ["kshrc"]],
  [["0644", "0600"], "file /root/.kshrc has mode 0600 instead of 0644", ["kshrc"]],
  [[`${SHA("a")} 0644 /root/.kshrc\n`, ""], "file /root/.kshrc is missing", ["kshrc"]],
  [[SHA("b"), SHA("0")], "tunnel west /etc/iked/west.conf was changed", ["west"]],
  [[SHA("c"), SHA("0")], "tunnel west /etc/hostname.sec1 was changed", ["west-sec1"]],
  [
    ["--- main\n", "--- main\nchanged /etc/iked.conf\n"],
    "file /etc/iked.conf was changed",
    ["ike"],
  ],
  [["iked on running", "iked on stopped"], "service iked does not run", ["services", "ike"]],
  [
    ["iked on running", "iked off stopped"],
    "service iked is not enabled and does not run",
    ["services", "ike"],
  ],
  [
    ["isakmpd off stopped", "isakmpd on running"],
    "service isakmpd is enabled and runs",
    ["services", "ike"],
  ],
  [["forwarding=1", "forwarding=0"], "sysctl net.inet.ip.forwarding is 0 instead of 1", ["sysctl"]],
  [
    ["gwctl_watch on running", "gwctl_watch on stopped"],
    "service gwctl_watch does not run",
    ["watchdog"],
  ],
  [["Enabled", "Disabled"], "pf pf is disabled", ["pf", "pf-confirm", "pf-settled"]],
  [
    [`loaded ${SHA("d")}`, `loaded ${SHA("0")}`],
    "pf pf runs other rules than those of /etc/pf.conf",
    ["pf", "pf-confirm", "pf-settled"],
  ],
  [
    ["west iked up", "rogue iked up\nwest iked up"],
    "tunnel rogue is on the gateway (iked), and not in the stack",
    [],
  ],
  [["vim-9.2.57-no_x11", "-"], "package vim--no_x11 is not installed", ["packages"]],
  [
    ["001_iked\n", "001_iked\nmissing 002_ipsec\n"],
    "errata 002_ipsec is not installed",
    ["patches", "reboot", "rebooted"],
  ],
  [
    ["001_iked\n", "001_iked\nreboot needed\n"],
    "errata kernel waits for a reboot",
    ["patches", "reboot", "rebooted"],
  ],
])("%j: %s", (edit, said, steps) => {
  const { findings } = found(told(edit));
  expect(findings.map(({ kind, what, problem }) => `${kind} ${what} ${problem}`)).toEqual([said]);
  expect(findings[0]?.steps).toEqual(steps);
});

describe("the interface of a route-based tunnel", () => {
  const west = declared("west", 1, {
    kind: "route",
    sec: { unit: 1, address: "169.254.10.2/30", peerAddress: "169.254.10.1", mtu: 1400 },
    pairs: ["10.20.1.0/24", "10.20.9.0/24"].map((remote) => ({ local: "10.10.0.0/24", remote })),
  });
  const up = "sec1: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1400\n";
  const address = "\tinet 169.254.10.2 --> 169.254.10.1 netmask 0xfffffffc\n";
  const route = (to: string) => `${to} 169.254.10.1 UGS 0 0 - 8 sec1\n`;
  const routes = route("10.20.1/24") + route("10.20.9/24");
  const says = (sec: string) =>
    found(told(["--- sec\n", `--- sec\n${sec}`]), applied, [west]).findings;

  it("is as it should be", () => {
    expect(says(up + address + routes)).toEqual([]);
  });

  it.each([
    [up.replace("<UP,", "<") + address + routes, "sec1 is down", "ifconfig sec1 up"],
    [
      up + address + route("10.20.1/24"),
      "no route to 10.20.9.0/24 through sec1",
      "sh /etc/netstart sec1",
    ],
    ["", "sec1 does not exist", "sh /etc/netstart sec1"],
  ])("%j: %s", (sec, problem, fix) => {
    expect(says(sec)).toEqual([
      { kind: "tunnel", what: "west", problem, steps: [], fix: `on the gateway: ${fix}` },
    ]);
  });

  it("is not missed where gwctl says nothing of interfaces", () => {
    const { findings } = found(told(["--- sec\n", ""]), applied, [west]);
    expect(findings).toEqual([]);
  });
});

test("another key of the gateway's own than the output shows is drift, and one that is absent is not", () => {
  const withKey: Applied = {
    ...applied,
    ownKey: { daemon: "iked", sha256: SHA("f"), steps: ["public-key"] },
  };
  const keys = (sum: string) => told(["--- keys\n", `--- keys\niked ${sum}\n`]);
  expect(found(keys(SHA("f")), withKey).findings).toEqual([]);
  expect(found(told(), withKey).findings).toEqual([]);
  expect(found(keys(SHA("0")), withKey).findings).toEqual([
    {
      kind: "file",
      what: "/etc/iked/private/local.key",
      problem: "is another key than the output publicKey shows, or cannot be read",
      steps: ["public-key"],
    },
  ]);
});

test("what iked reads of certificates beside the stack's is drift, where the stack has any", () => {
  const file = { path: "/etc/iked/ca/gwctl.pem", sha256: SHA("e"), mode: "0644", steps: ["x"] };
  const withOne: Applied = { ...applied, files: [...applied.files, file] };
  const ours = `${SHA("e")} 0644 /etc/iked/ca/gwctl.pem\n`;
  const other = `${SHA("d")} 0644 /etc/iked/ca/other.crt\n`;
  const files = (...rows: string[]) => told(["--- files\n", `--- files\n${rows.join("")}`]);
  expect(found(files(other)).findings).toEqual([]);
  expect(found(files(ours), withOne).findings).toEqual([]);
  expect(found(files(ours, other), withOne).findings).toMatchObject([
    { what: "/etc/iked/ca/other.crt", problem: "is read by iked, and not in the stack" },
  ]);
});

test("of two daemons' certificates those of the stack's daemon are compared", () => {
  const path = "/etc/isakmpd/ca/gwctl-1.pem";
  const file = { path, sha256: SHA("e"), mode: "0644", steps: ["x"] };
  const withOne: Applied = { ...applied, files: [...applied.files, file] };
  const rows = [
    `${SHA("e")} 0644 ${path}\n`,
    `${SHA("d")} 0644 /etc/isakmpd/certs/west.crt\n`,
    `${SHA("d")} 0644 /etc/iked/ca/other.crt\n`,
  ];
  const look = found(told(["--- files\n", `--- files\n${rows.join("")}`]), withOne);
  expect(look.findings).toMatchObject([
    {
      what: "/etc/isakmpd/certs/west.crt",
      problem: "is read by isakmpd, and not in the stack",
      fix: expect.stringContaining("gateway tunnel restart") as string,
    },
  ]);
});

describe("the further rules of the packet filter", () => {
  const file = { path: "/etc/pf.user.conf", sha256: SHA("e"), mode: "0600", steps: ["pfuser"] };
  const withRules: Applied = { ...applied, files: [...applied.files, file] };
  const line = `${SHA("e")} 0600 /etc/pf.user.conf\n`;
  const same = (sum: string): [string, string] => [
    "--- sysctls",
    `pfuser loaded ${SHA(sum)}\npfuser file ${SHA("f")}\n--- sysctls`,
  ];

  it("are compared in their own anchor: rules there are no drift of pf.conf", () => {
    const look = found(told(["--- services", `${line}--- services`], same("f")), withRules);
    expect(look.findings).toEqual([]);
  });

  it("are found where others run, unless these are on trial", () => {
    const drifted: [string, string][] = [["--- services", `${line}--- services`], same("0")];
    expect(found(told(...drifted), withRules).findings).toEqual([
      {
        ...{ kind: "pf", what: "pf", steps: ["pfuser"] },
        problem: "runs other rules in the anchor user than those of /etc/pf.user.conf",
      },
    ]);
    const trial: [string, string] = ["--- sysctls", "pfuser trial 1700000000\n--- sysctls"];
    expect(found(told(...drifted, trial), withRules).findings).toEqual([]);
  });
});

it("says which rules run where pf.conf did not load at boot", () => {
  const text = told(["--- sysctls", "pf boot\n--- sysctls"], [`loaded ${SHA("d")}`, "loaded 0"]);
  expect(found(text).findings.map(({ problem }) => problem)).toEqual([
    expect.stringMatching(/^runs rc\(8\)'s own rules, SSH from anywhere and no IKE/),
  ]);
});

it("a daemon without a tunnel that is up may rest", () => {
  const text = told(["iked on running", "iked on stopped"], ["west iked up", "west iked down"]);
  expect(found(text)).toEqual({
    ...{ findings: [], unknown: [] },
    notes: ["tunnel west was taken down by hand: gateway tunnel up west"],
  });
});

it("errata are drift only where the stack installs them", () => {
  const reports: Applied = { ...applied, patches: { policy: "report", steps: ["patches"] } };
  const text = told(["001_iked\n", "001_iked\nmissing 002_ipsec\nreboot needed\n"]);
  expect(found(text, reports)).toEqual({
    ...{ findings: [], unknown: [] },
    notes: ["errata are not installed: 002_ipsec"],
  });
});

it("says that it does not know the errata, and does not take that for drift", () => {
  const { findings, notes } = found(told(["001_iked\n", "001_iked\nunknown ftp: no address\n"]));
  expect(findings).toEqual([]);
  expect(notes).toEqual(["errata are not known: ftp: no address"]);
});
