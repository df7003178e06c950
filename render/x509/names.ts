import { isNetwork } from "../../config/authority";
import { SET, tagged } from "../../config/der";
import { typedIdentity } from "../../config/identity";
import { parseNetwork } from "../../config/net";
import { der, identifier, sequence } from "./der";

const COMMON_NAME = "550403";
const UTF8 = 0x0c;
/** ub-common-name of RFC 5280. */
const LONGEST = 64;

/** A distinguished name that is a common name alone. */
export function commonName(text: string): Uint8Array {
  const value = der(UTF8, Buffer.from(text.slice(0, LONGEST)));
  return sequence(der(SET, sequence(identifier(COMMON_NAME), value)));
}

const [EMAIL, HOST, ADDRESS] = [0x81, 0x82, 0x87];

/** An identity as a GeneralName (RFC 5280 4.2.1.6). */
export function generalName(identity: string): Uint8Array {
  const [type = "", ...value] = typedIdentity(identity).split("/");
  const text = value.join("/");
  if (type.startsWith("IPV")) return der(ADDRESS, addressBytes(text, text.includes(":") ? 16 : 4));
  return der(type === "UFQDN" ? EMAIL : HOST, Buffer.from(text));
}

function addressBytes(address: string, size: 4 | 16): Uint8Array {
  const first = parseNetwork(`${address}/${size * 8}`)?.first ?? 0n;
  return numberBytes(first, size);
}

const numberBytes = (number: bigint, size: number): Uint8Array =>
  Buffer.from(number.toString(16).padStart(size * 2, "0"), "hex");

/** Top-level domain of no host (RFC 2606 2). */
const NO_DOMAIN = "invalid";

/**
 * The content of the extension nameConstraints (RFC 5280 4.2.1.10). What it does not speak of would be allowed, so
 * each kind of identity is spoken of: without a domain no host name is allowed, without a network no address.
 */
export function nameConstraints(names: readonly string[]): Uint8Array {
  const domains = names.filter((name) => !isNetwork(name));
  const networks = names.filter(isNetwork);
  const hosts = (domains.length > 0 ? domains : [NO_DOMAIN]).flatMap((domain) => [
    der(HOST, Buffer.from(domain)),
    der(EMAIL, Buffer.from(domain)),
  ]);
  const permitted = [...hosts, ...networks.map(networkConstraint)];
  const excluded = networks.length > 0 ? [] : ["0.0.0.0/0", "::/0"].map(networkConstraint);
  const subtrees = (all: readonly Uint8Array[]) => all.map((base) => sequence(base));
  return sequence(
    der(tagged(0), ...subtrees(permitted)),
    ...(excluded.length > 0 ? [der(tagged(1), ...subtrees(excluded))] : []),
  );
}

/** The address, then the mask. */
function networkConstraint(text: string): Uint8Array {
  const network = parseNetwork(text);
  const size = network?.family === 4 ? 4 : 16;
  const hostBits = BigInt(size * 8 - (network?.prefix ?? 0));
  const mask = ((1n << BigInt(size * 8)) - 1n) ^ ((1n << hostBits) - 1n);
  return der(
    ADDRESS,
    Buffer.concat([numberBytes(network?.first ?? 0n, size), numberBytes(mask, size)]),
  );
}
