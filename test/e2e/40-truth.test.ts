import * as faults from "./support/faults";
import { bothProvenAgain, provenAgain, expectExplained } from "./support/faults";
import { inLab, lab, labOk, onGateway, verify } from "./support/lab";
import { gatewayStatus, stateOf, statusWithin, why } from "./support/operator";
import { RemoteSite } from "./support/site";
import { editStack, saveStack } from "./support/stackFile";

let west: RemoteSite;

const FAULTS = [
  faults.WRONG_KEY,
  faults.OTHER_PHASE_1,
  faults.OTHER_PHASE_2,
  faults.OTHER_NETWORKS,
  faults.OTHER_IDENTITY,
  faults.KILLED,
  faults.DROPS_INSIDE,
  faults.HANGS,
  faults.BY_HAND,
];

describe("status and why are right about", () => {
  beforeAll(async () => {
    west = new RemoteSite("west");
    await provenAgain("west");
  });

  afterAll(async () => {
    await lab("perimeter", "nft", "delete table ip fault");
    await west.admitInside();
    await west.repair();
    expect((await verify()).code).toBe(0);
  });

  test.each(FAULTS)("$name", (fault) => expectExplained(fault, west));

  // One stack for all three: each up costs as much as a fault.
  test("one that is disabled, one that nobody declared, and one whose forward is gone", async () => {
    const restore = saveStack();
    await onGateway(
      'sed -e \'s/"east"/"stray"/; s/east\\.example/stray.example/g; s,10\\.20\\.2\\.0/24,10.20.2.128/25,; s/vpn-east/vpn-stray/\' /etc/iked/east.conf | gwctl tunnel put iked stray',
    );
    editStack((values) => {
      values.set("tunnels.0.mode", "passive");
      values.set("tunnels.1.enabled", false);
    });
    try {
      await labOk("pulumi", "up", "--yes", "--skip-preview");
      const [{ tunnels }, east] = await Promise.all([provenAgain("west"), why("east")]);
      const states = Object.fromEntries(tunnels.map(({ name, state }) => [name, state]));
      expect(states).toEqual({ west: "proven", east: "disabled", stray: "unmanaged" });
      expect(east.cause.code).toBe("disabled");
      const starter = new RemoteSite("west"); // As the passive tunnel has it.
      await withoutForwards(async () => {
        // It is up, and what the gateway sends keeps the way back open: nobody notices yet.
        expect(stateOf(await gatewayStatus(), "west")).toBe("proven");
        await starter.leave();
        expect(stateOf(await statusWithin(30, "west", ["down"]), "west")).toBe("down");
        expect((await why("west")).cause).toMatchObject({
          code: "never-asked",
          what: expect.stringMatching(/has not come back/) as string,
          fix: expect.stringMatching(/UDP 500 and 4500 of 198\.51\.100\.1 are forwarded/) as string,
        });
      });
      await starter.repair();
      await provenAgain("west");
    } finally {
      await onGateway("gwctl tunnel remove stray");
      restore();
      await labOk("pulumi", "up", "--yes", "--skip-preview");
    }
    await bothProvenAgain();
  });
});

const FORWARDS = "inet openbsd-ipsec-gateway";

/** As if somebody had removed the gateway's forwards from the perimeter. It still knows what is under way. */
async function withoutForwards(use: () => Promise<void>): Promise<void> {
  const { stdout } = await labOk("perimeter", "nft", "list", "table", ...FORWARDS.split(" "));
  await labOk("perimeter", "nft", `delete table ${FORWARDS}`);
  try {
    await use();
  } finally {
    await labOk("perimeter", "nft", stdout);
    // As the driver does: what came meanwhile would be taken for the perimeter's own.
    await labOk("perimeter", "conntrack", "-F");
  }
}

describe("the exit status of status", () => {
  it("is 0 when every tunnel is proven", async () => {
    const { code, output } = await lab("gateway", "status");
    expect([code, output]).toEqual([0, expect.stringMatching(/2 tunnels: 2 proven/)]);
  });

  it("is 2 when the gateway does not tell", async () => {
    const { code, output } = await inLab(
      `nft add table ip fault; nft 'add chain ip fault output { type filter hook output priority 0; }'
       nft 'add rule ip fault output ip daddr 10.10.0.2 tcp dport 22 reject with tcp reset'
       ./scripts/gateway status; status=$?
       nft delete table ip fault; exit $status`,
    );
    expect([code, output]).toEqual([2, expect.stringMatching(/cannot be reached/)]);
  });
});
