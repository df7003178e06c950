import { hostNetwork, type Network, parseAddress, parseNetwork } from "./net";

/** The prefix length that a dotted mask stands for, also an inverse one as access lists have it. */
export function prefixOfMask(mask: string): number | undefined {
  const value = hostNetwork(mask);
  if (value?.family !== 4) return undefined;
  const bits = value.first.toString(2).padStart(32, "0");
  const ones = /^(1*)0*$/.exec(bits);
  if (ones) return ones[1]?.length ?? 0;
  const zeros = /^(0*)1+$/.exec(bits);
  return zeros ? zeros[1]?.length : undefined;
}

/** `10.20/16` with the octets that are left out, as inet_net_pton(3) fills them up. */
export function inFull(text: string): string {
  return text.replace(/^\d+(?:\.\d+){0,2}(?=\/)/, (octets) =>
    [...octets.split("."), "0", "0", "0"].slice(0, 4).join("."),
  );
}

/**
 * The network that a text of another notation means, or undefined: `10.20.1.0/255.255.255.0`,
 * `10.20.1.0 255.255.255.0`, `10.20.1.0 0.0.0.255`, a whole range `10.20.1.0-10.20.1.255`, or
 * ADDRESS/PREFIX with a blank, with zeros before the prefix or without the last octets.
 */
export function meantNetwork(text: string): Network | undefined {
  const plain = inFull(text.replaceAll(/\s/g, "").replace(/\/0+(?=\d)/, "/"));
  const respelt = plain === text ? undefined : parseNetwork(plain);
  if (respelt) return respelt;
  const [, address = "", separator = "", second = ""] =
    /^([0-9A-Fa-f.:]+)(\s*[/\s-]\s*)([0-9A-Fa-f.:]+)$/.exec(text.trim()) ?? [];
  if (parseAddress(address) === undefined) return undefined;
  if (separator.trim() === "-") return range(address, second);
  // As a mask it covers everything, as an inverse one a single host.
  if (second === "0.0.0.0" && address !== second) return undefined;
  const prefix = prefixOfMask(second);
  return prefix === undefined ? undefined : parseNetwork(`${address}/${prefix}`);
}

/** The one network that has exactly the addresses from first to last. */
function range(first: string, last: string): Network | undefined {
  const [from, to] = [hostNetwork(first), hostNetwork(last)];
  if (!from || to?.family !== from.family || to.first < from.first) return undefined;
  const hostBits = (to.first - from.first).toString(2).replace(/^0$/, "").length;
  const whole = parseNetwork(`${first}/${from.prefix - hostBits}`);
  return whole?.first === from.first && whole.last === to.first ? whole : undefined;
}
