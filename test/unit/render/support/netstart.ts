/**
 * The commands that netstart(8) makes of a hostname.if(5) file, by its own rules: of an `inet` line it takes
 * the third word for a netmask and the fourth for a broadcast address, of an `inet6` line the third for a
 * prefix length; `dest` adds the peer's address to the line before it.
 */
export function netstart(name: string, text: string): string[] {
  const commands: string[] = [];
  for (const line of text.split("\n")) {
    const [first = "", ...rest] = line.split(/\s+/).filter((word) => word !== "");
    if (first === "" || first.startsWith("#")) continue;
    if (first.startsWith("!")) {
      commands.push([first.slice(1), ...rest].join(" ").replaceAll("$if", name));
    } else if (first === "dest" && rest.length === 1) {
      const [ifconfig, interfaceName, inet, address, ...others] = (commands.pop() ?? "").split(" ");
      commands.push([ifconfig, interfaceName, inet, address, rest[0], ...others].join(" "));
    } else {
      commands.push(["ifconfig", name, first, ...options(first, rest)].join(" "));
    }
  }
  return commands;
}

function options(first: string, [address = "", second, third]: string[]): string[] {
  if (first === "inet6" && second !== undefined) return [address, "prefixlen", second];
  if (first !== "inet" || second === undefined) return [address, second ?? ""].filter(Boolean);
  return [address, "netmask", second, ...(third === undefined ? [] : ["broadcast", third])];
}
