import * as pulumi from "@pulumi/pulumi";
import { generationsOf } from "../../config/authority";
import { readRequest } from "../../config/certificateRequest";
import { hasCertificate } from "../../config/certificates";
import type { Authority, StackConfig } from "../../config/schema";
import type { KeptKey } from "../../contract/keptKey";
import { ownIdentities } from "../../render/certificates";
import { isSignedByItsKey } from "../../workstation/ownSignature";
import { AuthorityKey, keptIn } from "./authorityKey";
import { Issuing } from "./issuing";

/** What an authority of the stack has signed, PEM. Not secret. */
export interface Signed {
  /** The authorities, the one that signs first. */
  readonly ca: string;
  readonly own: string;
  readonly crl?: string | undefined;
  /** The peers' certificates by tunnel name; none of a peer whose certificate is revoked. */
  readonly peers: Readonly<Record<string, string>>;
}

/**
 * Makes the keys of the stack's authorities, and has the first one sign.
 * @param request the gateway's, PEM
 * @param today YYYY-MM-DD
 */
export function signByAuthority(
  config: StackConfig,
  authority: Authority,
  request: pulumi.Output<string>,
  today: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<Signed> {
  const generations = generationsOf(authority);
  const keys = generations.map((generation) =>
    keptIn(new AuthorityKey(`authority-${generation}`, opts)),
  );
  const signed = pulumi.all([pulumi.all(keys), request]).apply(([kept, text]) => {
    const authorities = generations.map((generation, index) =>
      issuing(config, authority, generation, kept[index], today),
    );
    return signAll(config, authority, authorities, text);
  });
  return pulumi.unsecret(signed);
}

function issuing(
  { machine }: StackConfig,
  authority: Authority,
  generation: number,
  key: KeptKey | undefined,
  today: string,
): Issuing {
  if (key === undefined) throw new RangeError(`authority ${generation}: has no key`);
  return new Issuing(`${machine.name} authority ${generation}`, key, authority, today);
}

function signAll(
  config: StackConfig,
  { revoked }: Authority,
  authorities: readonly Issuing[],
  request: string,
): Signed {
  const [first] = authorities;
  if (first === undefined) throw new RangeError("no authority signs");
  const own = first.issue({
    keyInfo: keyInfoOf(request),
    identities: ownIdentities(config),
  });
  if (own === undefined) {
    throw new pulumi.RunError(
      "ike.certificates.authority.revoked: has the gateway's own certificate: have the gateway use another key first (docs/authentication.md)",
    );
  }
  return {
    ca: authorities.map((one) => one.certificate()).join(""),
    own,
    ...(revoked.length > 0 && { crl: authorities.map((one) => one.list()).join("") }),
    peers: Object.fromEntries(
      config.tunnels.filter(hasCertificate).flatMap(({ name, remoteId, peerRequest }) => {
        if (peerRequest === undefined) return [];
        const keyInfo = keyInfoOf(peerRequest);
        const certificate = first.issue({ keyInfo, identities: [remoteId] });
        return certificate === undefined ? [] : [[name, certificate]];
      }),
    ),
  };
}

/** The rules have looked at the peers' requests; what comes from the gateway is looked at here. */
function keyInfoOf(text: string): Uint8Array {
  const request = readRequest(text);
  if ("message" in request) throw new pulumi.RunError(`a request ${request.message}`);
  if (!isSignedByItsKey(request))
    throw new pulumi.RunError("a request is not signed with its own key");
  return request.keyInfo;
}
