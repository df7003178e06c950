import { inLab, lab, labOk, onGateway, verify } from "./support/lab";
import { gatewayStatus, stateOf, statusWithin, why } from "./support/operator";
import { RemoteSite } from "./support/site";
import { editStack, saveStack } from "./support/stackFile";

const SEEN_WITHIN = 30;
const BACK_WITHIN = 120;

interface Fault {
  readonly name: string;
  readonly inflict: () => Promise<unknown>;
  readonly repair: () => Promise<unknown>;
  /** What status may call it. */
  readonly states: readonly string[];
  readonly code: string;
  /** What has to stand in the sentence. */
  readonly what: RegExp;
}

let west: RemoteSite;
const misconfigured = (form: RegExp, replacement: string) => ({
  inflict: () => west.misconfigure(form, replacement),
  repair: () => west.repair(),
  states: ["negotiating", "down"],
});

const FAULTS: readonly Fault[] = [
  {
    name: "a wrong key at the peer",
    ...misconfigured(/secret = .*/, "secret = 0sAAAABBBBCCCC"),
    code: "psk",
    what: /preshared keys of the two ends differ/,
  },
  {
    name: "another phase 1 at the peer",
    ...misconfigured(/(\bproposals = )aes256-/, "$1aes128-"),
    code: "phase1-proposal",
    what: /phase1\.encryption: we want aes-256, the peer offers aes-128/,
  },
  {
    name: "another phase 2 at the peer",
    ...misconfigured(/esp_proposals = aes256-/, "esp_proposals = aes128-"),
    code: "phase2-proposal",
    what: /phase2\.encryption: we want aes-256, the peer offers aes-128/,
  },
  {
    name: "networks that do not mirror ours",
    ...misconfigured(/local_ts = .*/, "local_ts = 10.20.7.0/24"),
    code: "selectors",
    what: /10\.20\.1\.0\/24/,
  },
  {
    name: "another identity of the peer",
    ...misconfigured(/west\.example\.net/g, "other.example.net"),
    code: "ids",
    what: /west\.example\.net/,
  },
  {
    name: "a peer whose daemon was killed",
    inflict: () => west.kill(),
    repair: () => west.start(),
    states: ["established", "negotiating", "down"],
    code: "peer-down",
    what: /daemon of 198\.51\.100\.11 is not running/,
  },
  {
    name: "a peer that drops what comes out of the tunnel",
    inflict: () => west.dropInside(),
    repair: () => west.admitInside(),
    states: ["established"],
    code: "not-answered",
    what: /nothing comes back/,
  },
  {
    name: "a perimeter that lets no IKE out",
    inflict: async () => {
      await labOk("perimeter", "nft", "add table ip fault");
      const chain = "add chain ip fault forward { type filter hook forward priority -10; }";
      await labOk("perimeter", "nft", chain);
      await labOk(
        "perimeter",
        "nft",
        "add rule ip fault forward ip daddr 198.51.100.11 udp dport { 500, 4500 } drop",
      );
      await onGateway("ikectl reset id FQDN/west.example.net; ikectl active");
    },
    repair: async () => {
      await labOk("perimeter", "nft", "delete table ip fault");
      await west.repair();
    },
    states: ["negotiating", "down"],
    code: "no-answer",
    what: /198\.51\.100\.11 does not answer our first packet/,
  },
  {
    name: "somebody who took it down",
    inflict: () => labOk("gateway", "tunnel", "down", "west"),
    repair: () => labOk("gateway", "tunnel", "up", "west"),
    states: ["down"],
    code: "by-hand",
    what: /by hand/,
  },
];

async function provenAgain(name: string): Promise<void> {
  expect(stateOf(await statusWithin(BACK_WITHIN, name, ["proven"]), name)).toBe("proven");
}

describe("status and why tell the truth about", () => {
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

  test.each(FAULTS)("$name", async ({ inflict, repair, states, code, what }) => {
    await inflict();
    try {
      const status = await statusWithin(SEEN_WITHIN, "west", states);
      expect(states).toContain(stateOf(status, "west"));
      expect(stateOf(status, "east")).toBe("proven");
      const { cause } = await why("west");
      expect(cause).toMatchObject({ code, what: expect.stringMatching(what) as string });
    } finally {
      await repair();
    }
    await provenAgain("west");
  });

  test("a tunnel that is disabled, and one that nobody declared", async () => {
    const restore = saveStack();
    await onGateway(
      'sed -e \'s/"east"/"stray"/; s/east\\.example/stray.example/g; s,10\\.20\\.2\\.0/24,10.20.2.128/25,; s/vpn-east/vpn-stray/\' /etc/iked/east.conf | gwctl tunnel put iked stray',
    );
    editStack((values) => {
      values.set("tunnels.1.enabled", false);
    });
    try {
      await labOk("pulumi", "up", "--yes", "--skip-preview");
      const { tunnels } = await gatewayStatus();
      const states = Object.fromEntries(tunnels.map(({ name, state }) => [name, state]));
      expect(states).toEqual({ west: "proven", east: "disabled", stray: "unmanaged" });
      expect((await why("east")).cause.code).toBe("disabled");
    } finally {
      await onGateway("gwctl tunnel remove stray");
      restore();
      await labOk("pulumi", "up", "--yes", "--skip-preview");
    }
    await provenAgain("east");
  });
});

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
