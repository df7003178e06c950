import { meantNetwork } from "../meantNetwork";
import { addressOf, formatNetwork, parseAddress, parseNetwork } from "../net";
import { peerName } from "../peer";
import { tunnelInterface } from "../tunnelInterface";
import { allAddresses, allNetworks, knownArms } from "./places";
import { type Finding, finding, type Rule } from "./rule";

export const networkNotation: Rule = {
  code: "GW010",
  check: (draft) => allNetworks(draft).flatMap(({ path, value }) => networkFinding(path, value)),
};

function networkFinding(path: string, value: string): Finding[] {
  const network = parseNetwork(value);
  if (!network)
    return [finding(path, `${visible(value)} is not a network`, `write ${suggestion(value)}`)];
  const meant = formatNetwork(network);
  if (meant === value) return [];
  const hostBits = parseAddress(value.replace(/\/.*$/, "")) !== network.address;
  const message = hostBits ? `${value} has host bits set` : `${value} is not the usual spelling`;
  return [finding(path, message, `write ${meant}`)];
}

function suggestion(value: string): string {
  const meant = meantNetwork(value);
  if (meant !== undefined) return formatNetwork(meant);
  const address = parseAddress(value.replace(/\/.*$/, ""));
  if (address === undefined) return "ADDRESS/PREFIX, such as 10.20.1.0/24";
  const host = address.includes(":") ? 128 : 32;
  if (!value.includes("/")) return `${address}/${host} for the one host, or the whole network`;
  return `a prefix from 0 to ${host}, such as ${address}/${host}`;
}

export const addressNotation: Rule = {
  code: "GW011",
  check: (draft) =>
    allAddresses(draft).flatMap(({ path, value }) => {
      const address = parseAddress(value);
      if (address === value) return [];
      return address === undefined
        ? [
            finding(
              path,
              `${visible(value)} is not an address`,
              `write ${meantAddress(path, value)}`,
            ),
          ]
        : [finding(path, `${value} is not the usual spelling`, `write ${address}`)];
    }),
};

/** A blank at an end shows in quotes only. */
const visible = (value: string): string => (value === value.trim() ? value : JSON.stringify(value));

function meantAddress(path: string, value: string): string {
  const text = value.trim().replace(/\.$/, "");
  const network = parseNetwork(text);
  const host = network?.first === network?.last ? network?.address : undefined;
  const name = path.endsWith(".peer") ? peerName(text) : undefined;
  return host ?? parseAddress(text) ?? name ?? "one such as 198.51.100.11";
}

export const ownAddressNotation: Rule = {
  code: "GW012",
  check: ({ network, tunnels }) => [
    ...knownArms(network).flatMap(({ path, address }) =>
      address === undefined ? [] : ownAddress(`${path}.address`, address, "10.10.0.2/24"),
    ),
    ...tunnels.flatMap(({ path, tunnel }) => {
      const own = tunnelInterface(tunnel);
      return own ? ownAddress(`${path}.${own.driver}.address`, own.address, "169.254.10.2/30") : [];
    }),
  ],
};

function ownAddress(path: string, address: string, example: string): Finding[] {
  const [host = ""] = address.split("/");
  if (parseNetwork(address) && parseAddress(host) === host) return [];
  const message = `${address} is not an address with its network's prefix`;
  const meant = meantNetwork(address);
  const own = meant && `${addressOf(address).trim().split(/\s/)[0] ?? ""}/${meant.prefix}`;
  return [
    finding(path, message, own === undefined ? `write one such as ${example}` : `write ${own}`),
  ];
}
