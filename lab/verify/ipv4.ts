/** The address as a number; undefined when it is no IPv4 address. */
export function ipv4(address: string): number | undefined {
  const bytes = address.split(".").map(Number);
  if (bytes.length !== 4 || bytes.some((byte) => !(byte >= 0 && byte <= 255))) return undefined;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Whether an address lies in a network such as 10.20.0.0/16; a bare address is its own network. */
export function contains(network: string, address: string): boolean {
  const [base = "", length = "32"] = network.split("/");
  const [a, b] = [ipv4(base), ipv4(address)];
  if (a === undefined || b === undefined) return false;
  const size = 2 ** (32 - Number(length));
  return Math.floor(a / size) === Math.floor(b / size);
}
