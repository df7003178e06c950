import { spawn } from "node:child_process";
import { namespace } from "../../lab/network/sites";
import { labOk, onGateway, quote, run, verify } from "./support/lab";
import { stateOf, statusWithin } from "./support/operator";
import { editStack, saveStack, type Values } from "./support/stackFile";

const NAT = "10.10.99.1";
// The Linux under the stand-in's iked has no other ESP; the IKE SA is the profile's (docs of the lab).
const ESP = { encryption: "aes-256", integrity: "hmac-sha2-512" };
const USER_RULE = "pass in on vio0 inet proto tcp from 10.10.0.100 to (vio0) port 9100";

const up = () => labOk("pulumi", "up", "--yes", "--skip-preview");

function change(edit: (values: Values) => void): Promise<unknown> {
  editStack(edit);
  return up();
}

/** The phases come from the profile again. */
function profile(values: Values, index: number, name: string): void {
  values.set(`tunnels.${index}.profile`, name);
  values.delete(`tunnels.${index}.phase1`);
  values.delete(`tunnels.${index}.phase2`);
}

async function proven(ikeVersion: 1 | 2): Promise<void> {
  const { code, tunnels } = await verify();
  expect(tunnels.map(({ name }) => name).sort()).toEqual(["east", "west"]);
  for (const tunnel of tunnels) {
    expect(tunnel).toMatchObject({ ikeVersion, proven: true, cleartextOutside: 0 });
  }
  expect(code).toBe(0);
  // The operator's own command has to find them too, by what is negotiated behind the NAT.
  for (const name of ["west", "east"]) {
    expect(stateOf(await statusWithin(30, name, ["proven"]), name)).toBe("proven");
  }
}

/** The sources of pings from the office, as the host behind peer west sees them. */
async function sourcesAtWest(): Promise<string[]> {
  const tcpdump = spawn("ip", [
    ...["netns", "exec", namespace("west-lan"), "tcpdump", "-lnni", "any"],
    ...["-c", "3", "icmp[icmptype] == icmp-echo and dst 10.20.1.100"],
  ]);
  let seen = "";
  tcpdump.stdout.setEncoding("utf8").on("data", (text: string) => (seen += text));
  const listening = new Promise<void>((resolve) => {
    tcpdump.stderr.on("data", () => {
      resolve();
    });
  });
  const ended = new Promise<void>((resolve) => {
    tcpdump.on("close", () => {
      resolve();
    });
  });
  await listening;
  const from = ["netns", "exec", namespace("lan"), "ping", "-c", "5", "-W", "2", "10.20.1.100"];
  const { code } = await run("ip", from);
  tcpdump.kill();
  await ended;
  expect(code).toBe(0);
  return [...new Set([...seen.matchAll(/IP ([\d.]+) > /g)].map(([, source = ""]) => source))];
}

describe("profiles, NAT into a tunnel and further rules", () => {
  let restore: () => void;

  beforeAll(() => {
    restore = saveStack();
  });

  it("come up with IKEv2: modern behind NAT, compat, and the rules in their anchor", async () => {
    await change((values) => {
      profile(values, 0, "modern");
      values.set("tunnels.0.phase2", { ...ESP, group: "ecp384" });
      values.set("tunnels.0.nat", { address: NAT });
      profile(values, 1, "compat");
      values.set("tunnels.1.phase2", { ...ESP, group: "modp2048" });
      values.set("system", { pfRules: USER_RULE });
    });
    await proven(2);
    const policies = await onGateway("cat /etc/iked/west.conf /etc/iked/east.conf | grep ikesa");
    expect(policies.stdout).toMatch(/enc aes-256-gcm prf hmac-sha2-384 group ecp384/);
    expect(policies.stdout).toMatch(/enc aes-256 auth hmac-sha2-256 .* group modp2048/);
    const anchor = await onGateway("pfctl -a user -s rules");
    expect(anchor.stdout).toMatch(/^pass in on vio0 inet proto tcp from 10\.10\.0\.100 .* 9100/);
  });

  it("shows the peer one address, on the wire", async () => {
    expect(await sourcesAtWest()).toEqual([NAT]);
  });

  it("refuses further rules that pf cannot read, and keeps those that are loaded", async () => {
    editStack((values) => {
      values.set("system.pfRules", "pass in on\n");
    });
    await expect(up()).rejects.toThrow(/pf\.user\.conf: refused by pf/);
    const anchor = await onGateway("pfctl -a user -s rules");
    expect(anchor.stdout).toContain("9100");
  });

  it("come up with IKEv1: compat behind NAT, and modern", async () => {
    await change((values) => {
      values.delete("system");
      values.set("ike.daemon", "isakmpd");
      profile(values, 0, "compat");
      profile(values, 1, "modern");
    });
    await proven(1);
    expect(await sourcesAtWest()).toEqual([NAT]);
    expect((await onGateway("pfctl -a user -s rules")).stdout).toBe("");
  });

  it("come up with what an old device can do, as an exception that is warned of", async () => {
    editStack((values) => {
      profile(values, 0, "legacy-v1");
      values.set("tunnels.0.exception", { reason: "lab", expires: "2099-12-31" });
    });
    const { output } = await up();
    expect(output).toMatch(/allows hmac-sha1 .* until 2099-12-31: lab/);
    await proven(1);
    const sas = await onGateway(`ipsecctl -s sa | grep ${quote("198.51.100.11")}`);
    expect(sas.stdout).toContain("auth hmac-sha1 enc aes-256");
  });

  afterAll(async () => {
    restore();
    await up();
    await proven(2);
  });
});
