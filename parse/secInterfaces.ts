/** An interface that a tunnel's networks are routed into (sec(4), gre(4)), from `ifconfig sec` and `ifconfig gre`. */
export interface SecInterface {
  /** Such as `sec0`. */
  readonly name: string;
  readonly up: boolean;
  /** Of gre(4), the two gateways' own addresses that stand in its packets. */
  readonly ends?: { readonly near: string; readonly far: string } | undefined;
  /** Without prefixes. The far one is the other end's, inside the tunnel; IPv6 may have none. */
  readonly addresses: readonly { readonly near: string; readonly far?: string | undefined }[];
}

/** A route through such an interface, from `netstat -rn`. */
export interface SecRoute {
  readonly interface: string;
  /** `ADDRESS/PREFIX`, or a host's address alone. */
  readonly destination: string;
  /** Whether the kernel takes it: not while the interface is down. */
  readonly usable: boolean;
  /** Of several to one destination the kernel takes the usable one with the lowest. */
  readonly priority: number;
}

// Forms: ifconfig.c status, in_status, in6_alias, phys_status.
const HEAD = /^((?:sec|gre)\d+): flags=[0-9a-f]+<([A-Z0-9,]*)>/;
const ADDRESS = /^\s+inet6? ([0-9a-fA-F.:]+)(?:%\S+)?(?: --> ([0-9a-fA-F.:]+)?(?:%\S+)?)?/;

const ENDS = /^\s+tunnel: inet6? (\S+) --> (\S+) /;

interface Found extends SecInterface {
  ends?: { near: string; far: string };
  addresses: { near: string; far?: string }[];
}

export function parseSecInterfaces(rows: readonly string[]): SecInterface[] {
  const found: Found[] = [];
  let current: (typeof found)[number] | undefined;
  for (const row of rows) {
    const [, name, flags = ""] = HEAD.exec(row) ?? [];
    if (name !== undefined) {
      current = { name, up: flags.split(",").includes("UP"), addresses: [] };
      found.push(current);
    } else if (/^\S/.test(row)) {
      current = undefined;
    } else {
      const [, here, there] = ENDS.exec(row) ?? [];
      if (current && here !== undefined && there !== undefined) {
        current.ends = { near: here, far: there };
      }
      const [, near, far] = ADDRESS.exec(row) ?? [];
      if (near !== undefined) current?.addresses.push({ near, ...(far !== undefined && { far }) });
    }
  }
  return found;
}

// Form: netstat show.c p_rtentry. A width of 5 pads the interface's name, which stands last.
const ROUTE =
  /^(\S+)\s+\S+\s+([A-Z][A-Za-z0-9]*)\s+\d+\s+\d+\s+\S+\s+L?\s*(\d+)\s+((?:sec|gre)\d+)\s*$/;

export function parseSecRoutes(rows: readonly string[]): SecRoute[] {
  return rows.flatMap((row) => {
    const [, destination, flags = "", priority, name] = ROUTE.exec(row) ?? [];
    if (destination === undefined || name === undefined) return [];
    const usable = flags.includes("U");
    return [
      { interface: name, destination: whole(destination), usable, priority: Number(priority) },
    ];
  });
}

/** netstat leaves out the zero bytes at the end of an IPv4 network: `10.20.1/24` (show.c netname4). */
function whole(destination: string): string {
  const [, address = "", prefix = ""] = /^([\d.]+)\/(\d+)$/.exec(destination) ?? [];
  if (address === "") return destination;
  const bytes = address.split(".");
  return `${[...bytes, "0", "0", "0"].slice(0, 4).join(".")}/${prefix}`;
}
