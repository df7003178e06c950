import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lab, labOk, quote, ROOT, run, verify } from "./support/lab";
import { editStack, saveStack } from "./support/stackFile";

const SITE = join(ROOT, ".lab/peers/west");
const LOADED = join(SITE, "conf.d/test-west.conf");

/** What the administrator of the site west would type; the key is shown on a terminal only. */
async function peerConfiguration(file: string): Promise<void> {
  const command = `./scripts/lab gateway peer west --vendor strongswan --reveal-psk --out ${quote(file)}`;
  const { code, output } = await run("script", ["-qefc", command, "/dev/null"]);
  if (code !== 0) throw new Error(`gateway peer ended with ${code}\n${output}`);
}

/** swanctl of the site, as its administrator has it. */
function swanctl(...args: string[]) {
  const socket = `unix:///run/gwlab${process.env.LAB_NAME ?? ""}/west.vici`;
  const environment = [`STRONGSWAN_CONF=${SITE}/strongswan.conf`, `SWANCTL_DIR=${SITE}`];
  const program = [join(ROOT, "lab/lib/unconfined"), "swanctl"];
  return run("env", [...environment, ...program, ...args, "--uri", socket]);
}

describe("the configuration of the other end", () => {
  const file = join(SITE, "from-gateway.conf");
  let before: string;

  beforeAll(() => {
    before = readFileSync(LOADED, "utf8");
  });

  afterAll(async () => {
    rmSync(file, { force: true });
    await swanctl("--terminate", "--ike", "west", "--force", "--timeout", "5");
    writeFileSync(LOADED, before, { mode: 0o600 });
    await labOk("site", "west", "load");
    await labOk("peers", "sync");
    expect((await verify()).code).toBe(0);
  });

  it("brings the tunnel up, loaded by strongSwan as it is", async () => {
    await peerConfiguration(file);
    await lab("site", "west", "terminate", "test-west");
    writeFileSync(LOADED, readFileSync(file), { mode: 0o600 });
    await labOk("site", "west", "load");
    await swanctl("--initiate", "--ike", "west", "--child", "west", "--timeout", "10");
    const { tunnels } = await verify();
    expect(tunnels.find(({ name }) => name === "west")).toMatchObject({ proven: true });
    const { stdout } = await swanctl("--list-sas", "--ike", "west");
    expect(stdout).toMatch(/^west: #\d+, ESTABLISHED, IKEv2/m);
  });
});

// As somebody wrote it by hand, years before there was a stack.
const BY_HAND = `
# head office
office = "10.10.0.0/24"
west = "198.51.100.11"
set fragmentation
set dpd_check_interval 45

ikev2 'West' active esp from $office to 10.20.1.0/24 \\
    local 10.10.0.2 peer $west \\
    ikesa enc aes-256 auth hmac-sha2-256 group ecp256 \\
    childsa enc aes-256 auth hmac-sha2-512 group ecp256 \\
    srcid gw-test.example.net dstid west.example.net \\
    ikelifetime 8h lifetime 60m \\
    psk "hX3vQ9bT6mZ2kW8rN5yJ4pD7" tag VPN
ikev2 passive from $office to any peer any rsa    # road warriors
`;

describe("a gateway's iked.conf of before", () => {
  const file = join(ROOT, ".lab/project/by-hand.conf");
  let restore: () => void;

  beforeAll(() => {
    restore = saveStack();
    writeFileSync(file, BY_HAND, { mode: 0o600 });
  });

  afterAll(() => {
    restore();
    rmSync(file, { force: true });
  });

  it("becomes tunnels that the stack accepts, with the key as a secret", async () => {
    const { stdout, output } = await labOk("gateway", "import", file, "--stack", "test", "--json");
    expect(output).not.toContain("hX3vQ9bT6mZ2kW8rN5yJ4pD7");
    const { ike, tunnels, notes } = JSON.parse(stdout) as Record<string, unknown[]>;
    expect(tunnels).toHaveLength(1);
    expect(notes).toContainEqual(expect.objectContaining({ kind: "left out", line: 15 }));
    editStack((values) => {
      values.set("ike", ike);
      values.set("tunnels", tunnels);
    });
    const { output: preview } = await labOk("pulumi", "preview");
    expect(preview).toMatch(/west/);
    expect(readFileSync(join(ROOT, ".lab/project/Pulumi.test.yaml"), "utf8")).toMatch(
      /psk-west:\s+secure:/,
    );
  });
});
