import { generationsOf, isAllowed, isNetwork, keptAuthority, REQUEST_DIGITS } from "../authority";
import { readRequest } from "../certificateRequest";
import type { Draft, DraftTunnel } from "../draft";
import { isDistinguishedName } from "../identity";
import { formatNetwork, parseNetwork } from "../net";
import { daemonKeyProblem } from "../publicKey";
import type { Authority } from "../schema";
import { signed } from "./ofCertificates";
import { repeats } from "./places";
import { type Finding, finding, type Rule } from "./rule";

const AUTHORITY = "ike.certificates.authority";

/** A rule of a stack that keeps an authority. */
function ofKept(check: (authority: Authority, draft: Draft) => Finding[]): Rule["check"] {
  return (draft) => {
    const authority = draft.ike && keptAuthority(draft.ike);
    return authority ? check(authority, draft) : [];
  };
}

export const oneOrigin: Rule = {
  code: "GW270",
  check: ({ ike }) => {
    const certificates = ike?.certificates;
    if (!certificates) return [];
    const { authority, ca, own, crl } = certificates;
    if (authority === undefined) {
      return ca === undefined
        ? [
            finding(
              "ike.certificates.ca",
              "is missing, and so is authority",
              "write the authorities of the peers, or authority for one that the stack keeps",
            ),
          ]
        : [];
    }
    return Object.entries({ ca, own, crl })
      .filter(([, text]) => text !== undefined)
      .map(([part]) =>
        finding(
          `ike.certificates.${part}`,
          "is written beside authority, which makes it",
          "remove one of the two",
        ),
      );
  },
};

export const namesOfAuthority: Rule = {
  code: "GW271",
  check: ofKept(({ names }) =>
    names.flatMap((name, index) => {
      const network = parseNetwork(name);
      if (!isNetwork(name) || (network && formatNetwork(network) === name)) return [];
      const fix = network ? `write ${formatNetwork(network)}` : "write ADDRESS/PREFIX";
      return [finding(`${AUTHORITY}.names[${index}]`, `${name} is no network`, fix)];
    }),
  ),
};

export const allowedIdentities: Rule = {
  code: "GW272",
  check: ofKept(({ names }, { tunnels }) =>
    signed(tunnels).flatMap(({ path, tunnel }) =>
      (["localId", "remoteId"] as const)
        .filter((key) => !isAllowed(names, tunnel[key]))
        .map((key) =>
          finding(
            `${path}.${key}`,
            isDistinguishedName(tunnel[key])
              ? `${tunnel[key]} is a distinguished name, and the stack's authority signs none`
              : `${tunnel[key]} is nothing that ${AUTHORITY}.names allows`,
            isDistinguishedName(tunnel[key])
              ? "write a host name, user@host or an address"
              : "write its domain or network there, or an identity that lies in one of them",
          ),
        ),
    ),
  ),
};

export const requestThere: Rule = {
  code: "GW273",
  check: (draft) => {
    if (!draft.ike) return [];
    const authority = keptAuthority(draft.ike);
    return draft.tunnels.flatMap(({ path, tunnel: { auth, enabled, peerRequest } }) => {
      const at = `${path}.peerRequest`;
      const wanted = auth === "certificate" && authority !== undefined;
      if (wanted && enabled && peerRequest === undefined) {
        const fix =
          "write the peer's request for a certificate, or enabled: false until it is there";
        return [
          finding(at, "is missing, and the stack's authority signs the peers' certificates", fix),
        ];
      }
      if (wanted || peerRequest === undefined) return [];
      return [
        auth === "certificate"
          ? finding(
              at,
              `is not used, as ${AUTHORITY} is missing`,
              "remove it, or have the stack keep an authority",
            )
          : finding(at, `is not used, as auth is ${auth}`, "remove it"),
      ];
    });
  },
};

export const usableRequest: Rule = {
  code: "GW274",
  check: ofKept((_, { ike, tunnels, isSigned }) =>
    withRequest(tunnels).flatMap(({ path, text }) => {
      const at = `${path}.peerRequest`;
      const request = readRequest(text);
      if ("message" in request) return [finding(at, request.message, request.fix)];
      const problem = ike && daemonKeyProblem(ike.daemon, request.key);
      if (problem) return [finding(at, problem.message, problem.fix)];
      if (isSigned?.(request) !== false) return [];
      return [
        finding(
          at,
          "is not signed with its own key by RSA or ECDSA with SHA-2",
          "have the peer make it anew: openssl req -new",
        ),
      ];
    }),
  ),
};

export const oneRequestPerPeer: Rule = {
  code: "GW275",
  check: ofKept((_, { tunnels }) => {
    const read = withRequest(tunnels).flatMap((entry) => {
      const request = readRequest(entry.text);
      return "message" in request ? [] : [{ ...entry, key: request.keyInfo.join() }];
    });
    return repeats(read, ({ key }) => key).map(([earlier, { path }]) =>
      finding(
        `${path}.peerRequest`,
        `has the key of ${earlier.path}, which is another peer`,
        "have each peer make its own",
      ),
    );
  }),
};

export const generationsOnce: Rule = {
  code: "GW276",
  check: ofKept((authority) => {
    const all = generationsOf(authority);
    return authority.also.flatMap((generation, index) =>
      all.indexOf(generation) === index + 1
        ? []
        : [finding(`${AUTHORITY}.also[${index}]`, `${generation} is there twice`, "remove it")],
    );
  }),
};

export const revokedBefore: Rule = {
  code: "GW277",
  check: ofKept(({ revoked }, { today }) =>
    revoked.flatMap(({ serial, since }, index) => {
      const at = `${AUTHORITY}.revoked[${index}]`;
      const twice = revoked.findIndex((one) => sameRequest(one.serial, serial)) < index;
      return [
        ...(since > today
          ? [
              finding(
                `${at}.since`,
                `${since} is a day to come, and a list from then is not believed before`,
                "write today's at the latest",
              ),
            ]
          : []),
        ...(twice
          ? [finding(`${at}.serial`, "is of a request that is revoked already", "remove it")]
          : []),
      ];
    }),
  ),
};

const sameRequest = (one: string, other: string): boolean =>
  one.slice(0, REQUEST_DIGITS) === other.slice(0, REQUEST_DIGITS);

function withRequest(tunnels: readonly DraftTunnel[]): (DraftTunnel & { readonly text: string })[] {
  return signed(tunnels).flatMap((entry) => {
    const { peerRequest: text } = entry.tunnel;
    return text === undefined ? [] : [{ ...entry, text }];
  });
}
