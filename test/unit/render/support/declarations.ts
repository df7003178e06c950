import fc from "fast-check";
import { isAead, type Role, supported } from "../../../../config/algorithms";
import type { Daemon } from "../../../../config/schema";
import type { Values } from "../../support/stack";

const octet = fc.integer({ min: 0, max: 255 });
const lifetimes = fc.record({
  phase1: fc.integer({ min: 3601, max: 86400 }),
  phase2: fc.integer({ min: 120, max: 3600 }),
});
const identity = fc.oneof(
  fc.constantFrom("gw.example.net", "user@example.net", "203.0.113.9", "2001:db8::9"),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}\.example\.org$/),
);
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);

const algorithm = (daemon: Daemon, role: Role) => fc.constantFrom(...supported(daemon, role));

function phase1(daemon: Daemon): fc.Arbitrary<Values> {
  return fc
    .record({
      encryption: algorithm(daemon, "ikeEncryption"),
      integrity: algorithm(daemon, "ikeIntegrity"),
      prf: algorithm(daemon, "ikeIntegrity"),
      group: algorithm(daemon, "ikeGroup"),
    })
    .map(({ encryption, integrity, prf, group }) => ({
      encryption,
      ...(isAead(encryption) ? {} : { integrity }),
      ...(daemon === "iked" ? { prf } : {}),
      group,
    }));
}

function phase2(daemon: Daemon): fc.Arbitrary<Values> {
  return fc
    .record({
      encryption: algorithm(daemon, "espEncryption"),
      integrity: algorithm(daemon, "espIntegrity"),
      group: algorithm(daemon, "espGroup"),
      bytes: fc.option(fc.integer({ min: 2 ** 20, max: 2 ** 45 }), { nil: undefined }),
      esn: fc.option(fc.boolean(), { nil: undefined }),
    })
    .map(({ encryption, integrity, group, bytes, esn }) => ({
      encryption,
      ...(isAead(encryption) ? {} : { integrity }),
      group,
      ...(daemon === "iked" ? { bytes, esn } : {}),
    }));
}

const ports = fc.record(
  { localPort: fc.integer({ min: 1, max: 65535 }), remotePort: fc.integer({ min: 1, max: 65535 }) },
  { requiredKeys: [] },
);

/** One protocol, with ports or without; isakmpd can also be told several. */
const traffic = (daemon: Daemon, v6: boolean) =>
  fc.option(
    fc.oneof(
      fc
        .tuple(
          fc.constantFrom("tcp", "udp"),
          fc.uniqueArray(ports, {
            minLength: 1,
            maxLength: 3,
            selector: (one) => JSON.stringify([one.localPort, one.remotePort]),
          }),
        )
        .map(([protocol, list]) => list.map((one) => ({ protocol, ...one }))),
      fc
        .subarray(["tcp", "udp", "gre", v6 ? "icmp6" : "icmp"], {
          minLength: 1,
          ...(daemon === "iked" ? { maxLength: 1 } : {}),
        })
        .map((list) => list.map((protocol) => ({ protocol }))),
    ),
    { nil: undefined },
  );

/** Networks and hosts of one side that do not overlap, in the usual spelling. */
function networks(v6: boolean, first: number, most: number): fc.Arbitrary<string[]> {
  const one = fc.record({ last: fc.integer({ min: 1, max: 254 }), host: fc.boolean() });
  return fc.array(one, { minLength: 1, maxLength: most }).map((list) =>
    list.map(({ last, host }, index) => {
      if (v6) {
        const net = `2001:db8:${(first + index).toString(16)}:`;
        return host ? `${net}:${last.toString(16)}/128` : `${net}:/64`;
      }
      return host ? `10.${first + index}.3.${last}/32` : `10.${first + index}.0.0/16`;
    }),
  );
}

/** As two lists, or as pairs of which each remote network has one local one only. */
function networksAs(form: string, local: string[], remote: string[], traffic: unknown): Values {
  if (form === "lists") return { local, remote, traffic };
  const pairs = remote.map((far, index) => ({ local: local[index % local.length], remote: far }));
  return form === "pairs"
    ? { pairs, traffic }
    : { pairs: pairs.map((pair) => ({ ...pair, ...(traffic ? { traffic } : {}) })) };
}

/** Another network of its size. */
const mappedTo = (v6: boolean) => (local: string) => ({
  local,
  as: local.replace(/^.*?(?=\/)/, v6 ? "2001:db8:9900::" : "10.128.0.0"),
});

/** Any tunnel that a daemon can be told, as written in the stack's values. */
export function declaredTunnel(daemon: Daemon): fc.Arbitrary<Values> {
  return fc.boolean().chain((v6) =>
    fc
      .record({
        name,
        peer: octet.map((last) => `192.0.2.${last}`),
        local: networks(v6, 30, 2),
        remote: networks(v6, 60, 3),
        mode: fc.constantFrom("active", "passive"),
        localId: identity,
        remoteId: identity,
        phase1: phase1(daemon),
        phase2: phase2(daemon),
        lifetimes,
        traffic: traffic(daemon, v6),
        // isakmpd has no IPv6 in an interface.
        form: fc.constantFrom("lists", "pairs", "pairs with traffic"),
        shape: fc.constantFrom(
          "policy",
          "nat",
          "mapped",
          ...(daemon === "isakmpd" && v6 ? [] : ["route"]),
        ),
      })
      .map(({ lifetimes: life, shape, form, local, remote, traffic: kinds, ...rest }) => ({
        ...rest,
        ...networksAs(form, local, remote, kinds),
        phase1: { ...rest.phase1, lifetime: life.phase1 },
        phase2: { ...rest.phase2, lifetime: life.phase2 },
        ...(shape === "nat" && local.length === 1
          ? { nat: { address: v6 ? "2001:db8:99::1" : "10.99.0.1" } }
          : {}),
        ...(shape === "mapped" ? { nat: { networks: local.slice(0, 1).map(mappedTo(v6)) } } : {}),
        ...(shape === "route"
          ? {
              kind: "route",
              sec: v6
                ? { unit: 3, address: "fd00::2/64", peerAddress: "fd00::1" }
                : { unit: 3, address: "169.254.3.2/30", peerAddress: "169.254.3.1" },
            }
          : {}),
        exception: { reason: "any", expires: "2099-12-31" },
      })),
  );
}
