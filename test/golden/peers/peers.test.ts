import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { peerConfiguration } from "../../../operate/peer/configuration";
import { peerFormats, type PeerFormatName } from "../../../config/vendors";
import {
  AUTHORITY,
  OWN,
  RSA_MIDDLE,
  RSA_OWN,
  RSA_ROOT,
} from "../../unit/support/fixedCertificates";
import { P384, RSA_2048 } from "../../unit/support/publicKeys";
import type { Values } from "../../unit/support/stack";
import { newAuthority } from "../../unit/support/certificates";
import { GATEWAY, ONE_PAIR, peerTunnel } from "./cases";

/** `UPDATE_GOLDEN=1 npx jest test/golden` writes what is rendered now; read the diff before commit. */
const update = process.env.UPDATE_GOLDEN === "1";
const EXPECTED = join(__dirname, "expected");

function rendered(
  format: PeerFormatName,
  ikeVersion: 1 | 2,
  pfs: boolean,
  changes?: Values,
  gateway = GATEWAY,
): string {
  const tunnel = peerTunnel(format, ikeVersion, pfs, changes);
  return peerConfiguration(format, tunnel, gateway, { publicKey: P384, authorities: AUTHORITY });
}

function compare(name: string, text: string): void {
  const file = join(EXPECTED, name);
  if (update) {
    mkdirSync(EXPECTED, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, "utf8"));
}

const formats = peerFormats.map(({ name }) => name);
const versions = [1, 2] as const;
const matrix = formats.flatMap((format) =>
  versions.flatMap((version) => [true, false].map((pfs) => ({ format, version, pfs }))),
);

it.each(matrix.filter(({ format, pfs }) => format !== "aws" || pfs))(
  "$format, IKEv$version, PFS $pfs is as expected",
  ({ format, version, pfs }) => {
    const ending = format === "sheet" ? "md" : "txt";
    const name = `${format}-ikev${version}-${pfs ? "pfs" : "no-pfs"}.${ending}`;
    compare(name, rendered(format, version, pfs));
  },
);

const aead: Values = {
  "tunnels.0.phase1": { encryption: "aes-256-gcm", prf: "hmac-sha2-384", group: "ecp384" },
  "tunnels.0.phase2": { encryption: "aes-256-gcm", group: "ecp384" },
};

it.each(formats.filter((format) => format !== "mikrotik"))(
  "%s with AEAD is as expected",
  (format) => {
    compare(`${format}-aead.txt`, rendered(format, 2, true, aead));
  },
);

const routed: Values = {
  ...aead,
  "tunnels.0.kind": "route",
  "tunnels.0.local": ["10.10.0.0/24"],
  "tunnels.0.remote": ["10.20.1.0/24"],
  "tunnels.0.sec": { unit: 0, address: "169.254.10.2/30", peerAddress: "169.254.10.1" },
};

it.each(formats.filter((format) => !["mikrotik", "cisco-ios"].includes(format)))(
  "%s of kind route is as expected",
  (format) => {
    compare(`${format}-route.txt`, rendered(format, 2, true, routed));
  },
);

const overGre: Values = {
  ...routed,
  ...{ "network.publicAddress": "10.10.0.2", "network.behindNat": false, perimeter: undefined },
  "tunnels.0.kind": "gre",
  "tunnels.0.sec": undefined,
  "tunnels.0.gre": {
    ...{ unit: 0, address: "10.255.0.1/30", peerAddress: "10.255.0.2" },
    routing: ["ospf"],
  },
};

it.each(["sheet", "strongswan", "cisco-ios-vti"] as const)(
  "%s of kind gre is as expected",
  (format) => {
    compare(`${format}-gre.txt`, rendered(format, 2, true, overGre));
  },
);

it("a page of a tunnel of a group says that the other end has to choose too", () => {
  const ends = (unit: number) => ({
    kind: "route",
    sec: { unit, address: `169.254.1${unit}.2/30`, peerAddress: `169.254.1${unit}.1` },
    probe: { source: `169.254.1${unit}.2`, target: `169.254.1${unit}.1` },
    group: { name: "cloud", priority: unit + 1 },
  });
  const member = (unit: number): Values =>
    Object.fromEntries(
      Object.entries(ends(unit)).map(([key, value]) => [`tunnels.${unit}.${key}`, value]),
    );
  const other = { "tunnels.1.local": ["10.10.0.0/24"], "tunnels.1.remote": ["10.20.1.0/24"] };
  const grouped = { ...routed, ...member(0), ...member(1), ...other };
  expect(rendered("sheet", 2, true, grouped)).toContain("We ping 169.254.10.1 through this one");
  expect(rendered("sheet", 2, true, routed)).not.toContain("We ping");
});

const mapped = { networks: [{ local: "10.10.0.0/24", as: "10.99.0.0/24" }] };

it.each(formats.flatMap((format) => [[format, undefined] as const, [format, routed] as const]))(
  "%s knows the gateway's network only as it is shown: %j",
  (format, changes) => {
    if (changes && ["mikrotik", "cisco-ios"].includes(format)) return;
    const one = { "tunnels.0.local": ["10.10.0.0/24"], "tunnels.0.remote": ["10.20.1.0/24"] };
    const text = rendered(format, 2, true, { ...one, ...changes, "tunnels.0.nat": mapped });
    expect(text).not.toContain("10.10.0.0");
    if (format !== "aws") expect(text).toContain("10.99.0.0");
  },
);

const WEB = [{ protocol: "tcp", remotePort: 443 }];

const traffic: Values = {
  "tunnels.0.local": ["10.10.0.0/24"],
  "tunnels.0.remote": ["10.20.1.0/24"],
  "tunnels.0.traffic": WEB,
};

it.each(["cisco-ios", "cisco-asa", "strongswan", "fortigate", "mikrotik", "sheet"] as const)(
  "%s mirrors the ports too",
  (format) => {
    compare(`${format}-traffic.txt`, rendered(format, 2, true, traffic));
  },
);

it.each<[PeerFormatName, string]>([
  ["cisco-ios", "permit tcp 10.20.1.0 0.0.0.255 10.10.0.0 0.0.0.255 eq 8443\n"],
  ["cisco-asa", "permit tcp 10.20.1.0 255.255.255.0 10.10.0.0 255.255.255.0 eq 8443\n"],
  ["strongswan", "remote_ts = 10.10.0.0/24[tcp/8443]\n"],
  ["fortigate", "        set protocol 6\n        set dst-port 8443\n"],
  ["mikrotik", "dst-address=10.10.0.0/24 protocol=tcp dst-port=8443 action"],
  ["sheet", "| 10.20.1.0/24 | 10.10.0.0/24 port 8443 | tcp |"],
])("%s mirrors a port of the gateway's side", (format, part) => {
  const own = { "tunnels.0.traffic": [{ protocol: "tcp", localPort: 8443 }] };
  expect(rendered(format, 2, true, { ...traffic, ...own })).toContain(part);
});

const byKey: Values = { "tunnels.0.auth": "publickey", "tunnels.0.peerKey": RSA_2048 };

it.each(
  (["strongswan", "sheet"] as const).flatMap((format) => versions.map((v) => [format, v] as const)),
)("%s with public keys, IKEv%s, is as expected", (format, version) => {
  const text = rendered(format, version, true, byKey);
  compare(`${format}-publickey-ikev${version}.txt`, text);
  expect(text).not.toMatch(/psk|PRE-SHARED/);
});

const certified: Values = {
  "ike.certificates": { ca: AUTHORITY, own: OWN },
  "tunnels.0.auth": "certificate",
};

const ofVendor: Partial<Record<PeerFormatName, Values>> = {
  "cisco-ios": { "tunnels.0.vendor": "cisco-ios" },
  "cisco-ios-vti": { "tunnels.0.vendor": "cisco-ios" },
};

it.each(["strongswan", "sheet", "cisco-ios", "cisco-ios-vti"] as const)(
  "%s with certificates is as expected",
  (format) => {
    const text = rendered(format, 2, true, { ...certified, ...ofVendor[format] });
    compare(`${format}-certificate.txt`, text);
    expect(text).not.toMatch(/psk|PRE-SHARED/);
  },
);

it.each(["strongswan", "sheet"] as const)(
  "%s with certificates and IKEv1 is as expected",
  (format) => {
    const certificates = { ca: RSA_ROOT + RSA_MIDDLE, own: RSA_OWN };
    const text = rendered(format, 1, true, { ...certified, "ike.certificates": certificates });
    compare(`${format}-certificate-ikev1.txt`, text);
    expect(text).not.toMatch(/psk|PRE-SHARED|ECDSA|7427|ecparam/);
  },
);

it.each(["strongswan", "sheet"] as const)(
  "%s has the certificate that the stack's authority has signed, and no way to another key",
  (format) => {
    const tunnel = peerTunnel(format, 2, true, certified);
    const text = peerConfiguration(format, tunnel, GATEWAY, {
      authorities: AUTHORITY,
      certificate: OWN,
    });
    compare(`${format}-certificate-kept.txt`, text);
    expect(text).not.toMatch(/openssl req|make a private key/);
  },
);

it("Cisco IOS is not written for certificates of isakmpd, which does not ask for its own", () => {
  const certificates = { ca: RSA_ROOT + RSA_MIDDLE, own: RSA_OWN };
  const changes = { ...certified, "ike.certificates": certificates };
  expect(() => rendered("cisco-ios", 1, true, changes)).toThrow(
    /sends its certificate in IKEv1 only when it is asked, .*: write auth: psk, or ike\.daemon: iked/,
  );
});

it("Cisco IOS has a trustpoint for each authority, of which the lowest signs its certificate", () => {
  const root = newAuthority("/O=Example/CN=root");
  const middle = newAuthority("/O=Example/CN=middle", {}, root);
  const tunnel = peerTunnel("cisco-ios", 2, true, { ...certified, ...ofVendor["cisco-ios"] });
  const authorities = root.pem + middle.pem;
  const text = peerConfiguration("cisco-ios", tunnel, GATEWAY, { authorities });
  expect(text).toContain("Have the request signed by /O=Example/CN=middle\n");
  expect(text).toMatch(/trustpoint VPN-WEST\n(?: .*\n)+ chain-validation continue VPN-WEST-2\n/);
  expect(text.indexOf("authenticate VPN-WEST-2\n")).toBeLessThan(
    text.indexOf("authenticate VPN-WEST\n"),
  );
  expect(text).toContain(" pki trustpoint VPN-WEST\n pki trustpoint VPN-WEST-2 verify\n");
});

it("a text of Cisco IOS with certificates is only for a tunnel that says so", () => {
  const tunnel = peerTunnel("sheet", 2, true, { ...certified, ...ONE_PAIR });
  const text = () => peerConfiguration("cisco-ios", tunnel, GATEWAY, { authorities: AUTHORITY });
  expect(text).toThrow(
    /signs with a certificate in another way .*: write vendor for west, pulumi up/,
  );
});

it("of certificates only what is written with them is offered, and only once there are authorities", () => {
  const tunnel = peerTunnel("sheet", 2, true, certified);
  const other = () => peerConfiguration("fortigate", tunnel, GATEWAY, { authorities: AUTHORITY });
  expect(other).toThrow("FortiGate CLI: is not written with certificates here: use --vendor sheet");
  expect(() => peerConfiguration("sheet", tunnel, GATEWAY)).toThrow(/no ike\.certificates yet/);
});

const anywhere: Values = {
  "tunnels.0.peer": "any",
  "tunnels.0.mode": "passive",
  "tunnels.0.local": ["10.10.0.0/24"],
  "tunnels.0.remote": ["10.20.1.0/24"],
};

const byName: Values = { "tunnels.0.peer": "vpn.example.net", "tunnels.0.mode": "active" };

it.each(["cisco-ios", "strongswan", "fortigate", "mikrotik", "sheet"] as const)(
  "%s that may have any address is as expected",
  (format) => {
    const text = rendered(format, 2, true, anywhere);
    compare(`${format}-any-address.txt`, text);
    // Of an address that is written nothing may be left.
    expect(text).not.toMatch(/198\.51\.100\.11|(?:is|has|=) any\b/);
  },
);

it.each(["cisco-ios", "strongswan", "sheet"] as const)(
  "%s that is given by name is as expected",
  (format) => {
    const text = rendered(format, 2, true, { ...anywhere, ...byName });
    compare(`${format}-by-name.txt`, text);
    expect(text).not.toMatch(/198\.51\.100\.11|any address/);
  },
);

it("a peer by name is told of which family its name has to have an address, the gateway's", () => {
  const six = { ...GATEWAY, address: "2001:db8:10::2", publicAddress: "2001:db8:10::2" };
  const changes = { ...anywhere, ...byName };
  const sheet = (gateway = GATEWAY) => rendered("sheet", 2, true, changes, gateway);
  expect(sheet()).toContain("| Your gateway | vpn.example.net, by its IPv4 address (A record) |");
  expect(sheet(six)).toContain(
    "| Your gateway | vpn.example.net, by its IPv6 address (AAAA record) |",
  );
  expect(rendered("strongswan", 2, true, changes, six)).toContain(
    "    remote_addrs = 2001:db8:10::2\n",
  );
  expect(() => rendered("cisco-ios", 2, true, changes, six)).toThrow(
    /peer: Cisco IOS and IOS XE is configured for IPv4 only here: use IPv4 between the two/,
  );
});

it("a device that is known by its address only has to have one", () => {
  const named = { ...anywhere, "tunnels.0.remoteId": "west.example.net" };
  for (const format of ["cisco-asa", "aws"] as const) {
    expect(() => rendered(format, 2, true, named)).toThrow(
      /remoteId: .* names itself by address in IKEv2: give the device a fixed address/,
    );
  }
});

it("of public keys only what is written with them is offered, and only once ours is known", () => {
  const tunnel = peerTunnel("sheet", 2, true, byKey);
  const other = () => peerConfiguration("fortigate", tunnel, GATEWAY, { publicKey: P384 });
  expect(other).toThrow("FortiGate CLI: is not written with public keys here: use --vendor sheet");
  expect(() => peerConfiguration("sheet", tunnel, GATEWAY)).toThrow(/public key yet: pulumi up/);
});

describe("a key of another form is written as the device reads it", () => {
  const withKey = (format: PeerFormatName, psk: string) =>
    peerConfiguration(format, peerTunnel(format, 2, true), GATEWAY, { psk });

  it.each<[PeerFormatName, psk: string, line: string]>([
    ["strongswan", `a"b\\c`, `secret = "0sYSJiXGM="`],
    ["strongswan", "pa$$ word", `secret = "pa$$ word"`],
    ["strongswan", "0x00ff", `secret = "0x00ff"`],
    ["strongswan", "0X00ff", `secret = "0sMFgwMGZm"`],
    ["mikrotik", `a"$?`, `secret="a\\"\\$\\?"`],
    ["fortigate", `a"b`, `set psksecret "a\\"b"`],
    ["sheet", "a|b", "`a\\|b`"],
    ["sheet", "0x00ff", "`0x00ff`, bytes in hexadecimal"],
  ])("%s: %p", (format, psk, line) => {
    expect(withKey(format, psk)).toContain(line);
  });
});

it("FortiGate's tunnel interface has the name as far as it may be long", () => {
  const text = rendered("fortigate", 2, true, { "tunnels.0.name": "branch-of-the-north" });
  expect(text).toContain('edit "branch-of-the-n"\n');
  expect(text).not.toContain('"branch-of-the-no');
});

it("a distinguished name is written for strongSwan and on the sheet", () => {
  const names = { "tunnels.0.remoteId": "/C=DE/O=Example AG/CN=west" };
  expect(rendered("strongswan", 2, true, names)).toContain('id = "/C=DE/O=Example AG/CN=west"');
  expect(rendered("sheet", 2, true, names)).toContain(
    "/C=DE/O=Example AG/CN=west (distinguished name, ASN.1 DN)",
  );
});

describe("an IKEv1 peer that runs strongSwan", () => {
  const text = rendered("strongswan", 1, true);
  const [connection = "", child = ""] = text.split("    children {");
  const seconds = (part: string, key: string) =>
    Number(new RegExp(`\\b${key} = (\\d+)s`).exec(part)?.[1]);

  it("proposes exactly the gateway's lifetimes, and renews before they end", () => {
    expect(seconds(connection, "rekey_time") + seconds(connection, "over_time")).toBe(28800);
    expect(seconds(connection, "over_time")).toBeGreaterThan(0);
    expect(seconds(child, "life_time")).toBe(3600);
    expect(seconds(child, "rekey_time") + seconds(child, "rand_time")).toBeLessThan(3600);
  });
});

describe("the other end finds a dead peer as soon as the gateway, as far as its limits allow", () => {
  it.each<[PeerFormatName, 1 | 2, declared: number, line: string]>([
    ["cisco-ios", 1, 45, " keepalive 45 retry 5"],
    ["cisco-ios-vti", 2, 45, " dpd 45 5 periodic"],
    ["cisco-ios", 2, 5, " dpd 10 5 periodic"],
    ["cisco-asa", 2, 45, " isakmp keepalive threshold 45 retry 5"],
    ["cisco-asa", 1, 5, " isakmp keepalive threshold 10 retry 5"],
    ["strongswan", 2, 5, "    dpd_delay = 5s"],
    ["strongswan", 1, 45, "    dpd_timeout = 180s"],
    ["fortigate", 2, 45, "        set dpd-retryinterval 45"],
    ["fortigate", 2, 90, "        set dpd-retryinterval 60"],
    ["mikrotik", 2, 45, "dpd-interval=45s dpd-maximum-failures=4"],
    ["aws", 2, 5, '      "DPDTimeoutSeconds": 30,'],
    ["aws", 2, 45, '      "DPDTimeoutSeconds": 45,'],
    ["sheet", 2, 45, "| Dead peer detection | on, 45 seconds |"],
  ])("%s, IKEv%s, %s seconds", (format, version, deadPeerSeconds, line) => {
    const text = rendered(format, version, true, undefined, { ...GATEWAY, deadPeerSeconds });
    expect(text).toContain(line);
  });
});

describe("what a device has no setting for is refused, with what to change", () => {
  it.each<[PeerFormatName, 1 | 2, Values, RegExp]>([
    [
      "aws",
      2,
      { "tunnels.0.phase2.group": "none" },
      /phase2.group: .* always wants PFS: write one of/,
    ],
    ["aws", 2, { "tunnels.0.remote": ["10.20.1.0/24", "10.20.9.9/32"] }, /remote: .* 1 pair/],
    [
      "mikrotik",
      2,
      { "tunnels.0.remote": ["10.20.1.0/24", "10.20.9.9/32"] },
      /remote: .* child SA: write one network that holds them$/m,
    ],
    ["aws", 2, { "tunnels.0.localId": "gw.example.net" }, /localId: .* by its address: remove/],
    [
      "cisco-asa",
      1,
      { "tunnels.0.phase1.integrity": "hmac-sha2-256" },
      /no hmac-sha2-256 in IKEv1/,
    ],
    ["cisco-asa", 2, { "tunnels.0.remoteId": "x.example.net" }, /remoteId: .* by address/],
    ["cisco-ios", 1, { "tunnels.0.remoteId": "x.example.net" }, /remoteId: .* or user@host/],
    ["cisco-ios", 2, routed, /kind route: use --vendor cisco-ios-vti/],
    ["mikrotik", 2, aead, /phase1.encryption: .* no aes-256-gcm in IKEv2: write one of aes-256/],
    ["mikrotik", 2, routed, /cannot be of kind route: write kind: policy/],
    ["fortigate", 2, overGre, /cannot be of kind gre: write kind: policy/],
    ["cisco-ios", 2, overGre, /kind gre: use --vendor cisco-ios-vti/],
    ["mikrotik", 2, { "tunnels.0.phase2.integrity": "hmac-sha2-384" }, /phase2.integrity/],
    ["fortigate", 2, { "tunnels.0.phase1.prf": "hmac-sha2-512" }, /phase1.prf: .*: remove it/],
    ["strongswan", 2, { "tunnels.0.phase1.group": "sntrup761x25519" }, /phase1.group/],
    ["fortigate", 2, { "tunnels.0.phase2.esn": true }, /phase2.esn/],
    [
      "fortigate",
      2,
      { "tunnels.0.traffic": [...WEB, { protocol: "tcp", localPort: 8443 }] },
      /traffic: .* one protocol with the same ports for all pairs of an IKEv2 child SA: write/,
    ],
    [
      "aws",
      2,
      { "tunnels.0.phase1.lifetime": 86400 },
      /phase1.lifetime: .* 900 to 28800 .*: write 28800/,
    ],
    ["cisco-ios", 2, { "tunnels.0.phase1.group": "brainpool256" }, /phase1.group/],
  ])("%s, IKEv%s, %j", (format, version, changes, message) => {
    expect(() => rendered(format, version, true, changes)).toThrow(message);
  });
});

it("the sheet has no limits", () => {
  const changes = { "tunnels.0.phase1.group": "sntrup761x25519" };
  expect(rendered("sheet", 2, true, changes)).toContain("sntrup761x25519");
});
