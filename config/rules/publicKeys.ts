import type { DraftTunnel } from "../draft";
import { parseAddress } from "../net";
import { daemonKeyProblem, type PublicKey, readPublicKey } from "../publicKey";
import { deviceOf } from "../vendors";
import { repeats } from "./places";
import { type Finding, finding, type Rule } from "./rule";

export const keysOfAuth: Rule = {
  code: "GW150",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel: { auth, peerKey, psk, pskGeneration } }): Finding[] => {
      const other = auth === "psk" ? "write auth: publickey, or remove it" : "remove it";
      const unused: [key: string, there: boolean, fix: string][] = [
        ["peerKey", auth !== "publickey" && peerKey !== undefined, other],
        ["psk", auth !== "psk" && psk !== undefined, other],
        ["pskGeneration", auth !== "psk" && pskGeneration > 1, other],
      ];
      return [
        ...(auth === "publickey" && peerKey === undefined
          ? [
              finding(
                `${path}.peerKey`,
                "is missing, and auth is publickey",
                "write the peer's public key: openssl pkey -in KEY -pubout prints it there",
              ),
            ]
          : []),
        ...unused
          .filter(([, there]) => there)
          .map(([key, , fix]) => finding(`${path}.${key}`, `is not used, as auth is ${auth}`, fix)),
      ];
    }),
};

export const usablePeerKey: Rule = {
  code: "GW151",
  check: ({ ike, tunnels }) =>
    tunnels.flatMap(({ path, tunnel: { auth, peerKey } }) => {
      if (auth !== "publickey" || peerKey === undefined) return [];
      const key = readPublicKey(peerKey);
      const problem = "message" in key ? key : ike && daemonKeyProblem(ike.daemon, key);
      return problem ? [finding(`${path}.peerKey`, problem.message, problem.fix)] : [];
    }),
};

export const vendorHasKeys: Rule = {
  code: "GW152",
  check: ({ tunnels }) =>
    tunnels.flatMap(({ path, tunnel: { auth, vendor } }) => {
      const device = deviceOf(vendor);
      if (
        auth !== "publickey" ||
        !device ||
        device.formats.some(({ auths }) => auths.includes(auth))
      )
        return [];
      const message = `is publickey, and ${device.title} takes public keys in certificates only`;
      return [finding(`${path}.auth`, message, "write auth: psk")];
    }),
};

export const oneKeyPerIdentity: Rule = {
  code: "GW153",
  check: ({ ike, tunnels }) =>
    ike?.daemon === "isakmpd"
      ? repeats(signed(tunnels), ({ tunnel }) => tunnel.remoteId).map(([earlier, later]) =>
          finding(
            `${later.path}.remoteId`,
            `${later.tunnel.remoteId} is also ${earlier.path}.remoteId`,
            "give each peer an identity of its own",
          ),
        )
      : [],
};

export const identitiesToldApart: Rule = {
  code: "GW246",
  check: ({ ike, tunnels }) => {
    if (ike?.daemon !== "isakmpd") return [];
    const named = tunnels.filter(
      ({ tunnel }) => tunnel.auth !== "psk" && !parseAddress(tunnel.remoteId),
    );
    return named.flatMap(({ path, tunnel: { remoteId } }) => {
      const shorter = named.find(
        ({ tunnel: other }) => remoteId !== other.remoteId && remoteId.startsWith(other.remoteId),
      );
      if (!shorter) return [];
      const message = `${remoteId} begins with ${shorter.path}.remoteId, and isakmpd does not tell them apart there`;
      return [finding(`${path}.remoteId`, message, "agree another name with one of the two peers")];
    });
  },
};

export const oneKeyPerPeer: Rule = {
  code: "GW154",
  check: ({ tunnels }) => {
    const keys = signed(tunnels).flatMap((entry) => {
      const key = readPublicKey(entry.tunnel.peerKey ?? "");
      return "message" in key ? [] : [{ ...entry, key }];
    });
    return repeats(keys, pemOf).map(([earlier, { path }]) =>
      finding(
        `${path}.peerKey`,
        `is also the key of ${earlier.path}`,
        "have each peer make its own",
      ),
    );
  },
};

const pemOf = ({ key }: { readonly key: PublicKey }): string => key.pem;

function signed(tunnels: readonly DraftTunnel[]): DraftTunnel[] {
  return tunnels.filter(({ tunnel }) => tunnel.auth === "publickey");
}
