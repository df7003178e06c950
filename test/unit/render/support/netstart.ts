/**
 * The commands that netstart(8) makes of a hostname.if(5) file, by its own rules: of an `inet` line it takes
 * the third word for a netmask and the fourth for a broadcast address, of an `inet6` line the third for a
 * prefix length, each one further on after the word `alias`; `dest` adds the peer's address to the line before it.
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

function options(first: string, rest: readonly string[]): readonly string[] {
  if (first !== "inet" && first !== "inet6") return rest;
  const alias = rest[0] === "alias" ? ["alias"] : [];
  const [address = "", second, third] = rest.slice(alias.length);
  if (second === undefined) return [...alias, address];
  if (first === "inet6") return [...alias, address, "prefixlen", second];
  const broadcast = third === undefined ? [] : ["broadcast", third];
  return [...alias, address, "netmask", second, ...broadcast];
}
