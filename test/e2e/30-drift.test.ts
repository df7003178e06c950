import {
  lab,
  labOk,
  onGateway,
  previewChanges,
  previewSummary,
  spisOf,
  verify,
} from "./support/lab";

interface Found {
  readonly kind: string;
  readonly what: string;
  readonly problem: string;
}

async function drift(...args: string[]): Promise<{ code: number; findings: Found[] }> {
  const { code, stdout, output } = await lab("gateway", "drift", "--json", ...args);
  try {
    return { code, ...(JSON.parse(stdout) as { findings: Found[] }) };
  } catch {
    throw new Error(`gateway drift ended with ${code} and printed no JSON:\n${output}`);
  }
}

/** What somebody does on the gateway, and what is to be said of it. */
const PLANTED: readonly { does: string; found: Found; steps: readonly string[] }[] = [
  {
    does: "echo 'alias ll=ls' >>/root/.kshrc",
    found: { kind: "file", what: "/root/.kshrc", problem: "was changed" },
    steps: ["kshrc"],
  },
  {
    does: "rcctl stop gwctl_watch",
    found: { kind: "service", what: "gwctl_watch", problem: "does not run" },
    steps: ["watchdog"],
  },
  {
    does: "sysctl net.inet.ip.redirect=1",
    found: { kind: "sysctl", what: "net.inet.ip.redirect", problem: "is 1 instead of 0" },
    steps: ["sysctl"],
  },
  {
    does: "{ cat /etc/pf.conf; echo 'pass in on enc0'; } | pfctl -f -",
    found: { kind: "pf", what: "pf", problem: "runs other rules than those of /etc/pf.conf" },
    steps: ["pf", "pf-confirm", "pf-settled"],
  },
  {
    does: "gwctl tunnel remove west",
    found: { kind: "tunnel", what: "west", problem: "/etc/iked/west.conf is missing" },
    steps: ["west"],
  },
];

const STRAY =
  'sed -e \'s/"east"/"stray"/; s/east\\.example/stray.example/g; ' +
  "s,10\\.20\\.2\\.0/24,10.20.2.128/25,; s/vpn-east/vpn-stray/' /etc/iked/east.conf | " +
  "gwctl tunnel put iked stray";

const problems = (findings: readonly Found[]): Found[] =>
  findings
    .map(({ kind, what, problem }) => ({ kind, what, problem }))
    .sort((a, b) => (a.kind + a.what < b.kind + b.what ? -1 : 1));

describe("what somebody changed on the gateway by hand", () => {
  let east: string[];

  beforeAll(async () => {
    east = await spisOf("east");
    expect(east.length).toBeGreaterThan(0);
    expect(await drift()).toMatchObject({ code: 0, findings: [] });
  });

  afterAll(async () => {
    await onGateway("gwctl tunnel remove stray");
  });

  it("is found in five places, each by its name, and nothing else is", async () => {
    for (const { does } of PLANTED) {
      const { code, output } = await onGateway(does);
      expect([does, code, output]).toEqual([does, 0, output]);
    }
    const { code, findings } = await drift();
    expect(code).toBe(1);
    expect(problems(findings)).toEqual(problems(PLANTED.map(({ found }) => found)));
  });

  it("is not seen by a preview until it is marked, and then that and no more", async () => {
    expect(await previewSummary()).toEqual({});
    expect((await drift("--mark")).code).toBe(1);
    const { replace, ...others } = await previewChanges();
    expect(others).toEqual({});
    expect(replace?.sort()).toEqual(PLANTED.flatMap(({ steps }) => steps).sort());
  });

  it("is put back by the next up, and the tunnel that nobody touched keeps its SPIs", async () => {
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect(await drift()).toMatchObject({ code: 0, findings: [] });
    expect(await previewSummary()).toEqual({});
    const { code } = await verify();
    expect(code).toBe(0);
    expect(await spisOf("east")).toEqual(east);
  });

  it("may be a tunnel that no stack declares: the stack leaves it, and says how it goes", async () => {
    expect((await onGateway(STRAY)).code).toBe(0);
    const { code, output } = await lab("gateway", "drift");
    expect(code).toBe(1);
    expect(output).toMatch(
      /^tunnel stray: is on the gateway \(iked\), .*gwctl tunnel remove stray$/m,
    );
    expect((await onGateway("gwctl tunnel remove stray")).code).toBe(0);
    expect((await drift()).code).toBe(0);
  });
});
