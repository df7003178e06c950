import fc from "fast-check";
import { supported } from "../../../../config/algorithms";
import type { Daemon, StackConfig } from "../../../../config/schema";
import { tunnelInterface } from "../../../../config/tunnelInterface";
import { importFiles } from "../../../../operate/import";
import type { OldFiles } from "../../../../operate/import/oldFiles";
import { hostnameTunnel } from "../../../../render/hostnameIf";
import { ikeGlobals } from "../../../../render/ikeGlobals";
import { tunnelFile } from "../../../../render/tunnelFile";
import { peerKey, type PeerKey } from "../../../../render/peerKey";
import { RSA_2048 } from "../../support/publicKeys";
import { load, type Values, values } from "../../support/stack";

/** The charset of the keys, and enough of it that the key is no easy guess. */
const key = fc.stringMatching(/^[A-Za-z0-9._~+-]{8,28}$/).map((some) => `kQ7xWz4Lr8Ns6Yb1${some}`);
const EXCEPTION = { reason: "a test", expires: "2099-01-01" };

/** Strong ones only where the daemon has weak ones too: those would need an exception each. */
function algorithm(daemon: Daemon, role: Parameters<typeof supported>[1]): fc.Arbitrary<string> {
  const weak = /md5|sha1$|ripemd|3des|blowfish|cast|modp1|224/;
  return fc.constantFrom(...supported(daemon, role).filter((name) => !weak.test(name)));
}

const aead = (encryption: string) => /gcm|chacha/.test(encryption);

function phases(daemon: Daemon): fc.Arbitrary<Values> {
  const hash = algorithm(daemon, "ikeIntegrity");
  const lifetime = fc.integer({ min: 7201, max: 86400 });
  return fc
    .record({
      ike: algorithm(daemon, "ikeEncryption"),
      ikeHash: hash,
      ikeGroup: algorithm(daemon, "ikeGroup"),
      esp: algorithm(daemon, "espEncryption"),
      espHash: algorithm(daemon, "espIntegrity"),
      espGroup: algorithm(daemon, "espGroup"),
      lifetime,
      child: fc.integer({ min: 120, max: 7200 }),
    })
    .map(({ ike, ikeHash, ikeGroup, esp, espHash, espGroup, lifetime: seconds, child }) => ({
      phase1: {
        encryption: ike,
        ...(aead(ike) ? { prf: ikeHash } : { integrity: ikeHash }),
        group: ikeGroup,
        lifetime: seconds,
      },
      phase2: {
        encryption: esp,
        ...(aead(esp) ? {} : { integrity: espHash }),
        group: espGroup,
        lifetime: child,
      },
    }));
}

const third = (second: number) =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 3 })
    .map((numbers) => numbers.map((number) => `10.${second}.${number}.0/24`));

function tunnel(daemon: Daemon): fc.Arbitrary<Values> {
  return fc
    .record({
      own: fc.record({
        name: fc
          .stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/)
          .filter((one) => !one.includes("--")),
        peer: fc.integer({ min: 2, max: 250 }).map((number) => `198.51.100.${number}`),
        local: third(11),
        remote: third(20),
        localId: fc.constantFrom("gw.example.net", "admin@example.net", "192.0.2.7"),
        remoteId: fc.constantFrom("x.example.net", "ops@x.example.net", "192.0.2.9"),
        mode: fc.constantFrom("active", "passive"),
      }),
      paired: fc.boolean(),
      auth: fc.constantFrom({ psk: "key" }, { auth: "publickey", peerKey: RSA_2048 }),
      algorithms: phases(daemon),
    })
    .map(({ own: { local, remote, ...own }, paired, auth, algorithms }) => ({
      ...own,
      ...(paired ? { pairs: diagonal(local, remote) } : { local, remote }),
      ...{ ...algorithms, exception: EXCEPTION, ...auth },
    }));
}

/** Pairs of which each remote network has one local one only. */
function diagonal(local: readonly string[], remote: readonly string[]) {
  return remote.map((far, index) => ({ local: local[index % local.length], remote: far }));
}

/** The old gateway's files, as `gwctl` leaves them. */
function oldFiles(key: PeerKey | undefined): OldFiles {
  return {
    find: (path) => (`/etc/${path}` === key?.path ? key.path : undefined),
    list: () => [],
    text: () => key?.text,
  };
}

it.each(["iked", "isakmpd"] as const)(
  "what %s's renderer writes comes back as it was declared",
  (daemon) => {
    fc.assert(
      fc.property(tunnel(daemon), key, (declared, psk) => {
        const all = { ...values(), ike: { daemon }, tunnels: [declared] };
        const secrets = declared.psk === undefined ? {} : { key: psk };
        const { config } = load(all, secrets);
        const [before] = config.tunnels;
        if (!before) throw new Error("no tunnel");
        const globals = daemon === "iked" ? ikeGlobals(config) : "";
        const text = globals + tunnelFile(config, before, psk);

        const old = oldFiles(peerKey(daemon, before));
        const found = importFiles(daemon, [{ file: "f", text }], { today: "2026-11-24", old });
        expect(found.notes.filter(({ kind }) => kind !== "check")).toEqual([]);
        expect(found.settings).toEqual(daemon === "iked" ? { deadPeerSeconds: 30 } : {});
        const [again] = found.tunnels;
        expect(again?.name).toBe(declared.name);
        expect([...found.keys.values()]).toEqual(Object.values(secrets));
        const restored = load(
          { ...all, tunnels: [{ ...again, exception: EXCEPTION }] },
          Object.fromEntries(found.keys),
        );
        const [after] = restored.config.tunnels;
        if (!after) throw new Error("no tunnel came back");
        expect(tunnelFile(restored.config, after, psk)).toBe(tunnelFile(config, before, psk));
        expect(peerKey(daemon, after)).toEqual(peerKey(daemon, before));
      }),
    );
  },
);

function interfaceFiles({ tunnels }: StackConfig): [name: string, text: string][] {
  return tunnels.flatMap((tunnel) => {
    const own = tunnelInterface(tunnel);
    return own ? [[`hostname.${own.name}`, hostnameTunnel(own, tunnel, "10.10.0.2")]] : [];
  });
}

it.each(["iked", "isakmpd"] as const)(
  "two route-based tunnels of a group with %s come back with their interfaces",
  (daemon) => {
    const declared = ["one", "two"].map((name, index) => ({
      name,
      peer: `198.51.100.${11 + index}`,
      kind: "route",
      sec: {
        unit: index,
        address: `169.254.${index}.2/30`,
        peerAddress: `169.254.${index}.1`,
        mtu: 1390,
      },
      local: ["10.11.0.0/24"],
      remote: ["10.20.0.0/16", "10.21.0.0/24"],
      probe: { source: `169.254.${index}.2`, target: `169.254.${index}.1` },
      // The second one carries.
      group: { name: "two", priority: 2 - index },
      localId: "gw.example.net",
      remoteId: `${name}.example.net`,
      psk: "key",
    }));
    const all = { ...values(), ike: { daemon }, tunnels: declared };
    const psk = "kQ7xWz4Lr8Ns6Yb1Hd5Fg0Ja";
    const { config } = load(all, { key: psk });
    const files = config.tunnels.map((tunnel) => ({
      file: tunnel.name,
      text: (daemon === "iked" ? ikeGlobals(config) : "") + tunnelFile(config, tunnel, psk),
    }));
    const interfaces = new Map(interfaceFiles(config));
    const old: OldFiles = {
      find: (path) => (interfaces.has(path) ? path : undefined),
      list: () => [],
      text: (path) => interfaces.get(path),
    };
    const found = importFiles(daemon, files, { today: "2026-11-24", old });
    const again = found.tunnels.map((tunnel) => ({ ...tunnel, local: ["10.11.0.0/24"] }));
    const restored = load({ ...all, tunnels: again }, Object.fromEntries(found.keys)).config;
    expect(restored.tunnels.map(({ group, probe }) => ({ group, probe }))).toEqual(
      config.tunnels.map(({ group, probe }) => ({ group, probe })),
    );
    expect(interfaceFiles(restored)).toEqual([...interfaces]);
  },
);
