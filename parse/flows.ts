/** An address, and a port where the protocol has one. */
export interface End {
  readonly host: string;
  readonly port?: number | undefined;
}

/** One flow between the gateway and somebody outside, as a packet filter tracks it. */
export interface Flow {
  readonly protocol: string;
  /** Whose packet was the first. */
  readonly by: "gateway" | "peer";
  /** The gateway itself. */
  readonly inside: End;
  /** What the other side takes for the gateway; absent where that is not told. */
  readonly outside?: End | undefined;
  readonly peer: End;
  /** What the gateway takes for the peer. */
  readonly shown: End;
}

/** What `conntrack -L` and /proc/net/nf_conntrack tell of this gateway. */
export function parseConntrack(rows: readonly string[], gateway: string): Flow[] {
  return rows.flatMap((row): Flow[] => {
    const protocol = /\b(udp|esp|unknown)\s+(\d+)\s/.exec(row);
    const [there, back] = tuples(row);
    if (protocol === null || there === undefined || back === undefined) return [];
    const common = { protocol: protocol[2] === "50" ? "esp" : (protocol[1] ?? "") };
    if (back.src.host === gateway) {
      const [peer, outside, inside, shown] = [there.src, there.dst, back.src, back.dst];
      return [{ ...common, by: "peer", inside, outside, peer, shown }];
    }
    if (there.src.host !== gateway) return [];
    const [inside, peer, outside] = [there.src, there.dst, back.dst];
    return [{ ...common, by: "gateway", inside, outside, peer, shown: peer }];
  });
}

/** The packet of each direction, in the order in which the row has them. */
function tuples(row: string): { src: End; dst: End }[] {
  const form = /src=(\S+) dst=(\S+)(?: sport=(\d{1,5}) dport=(\d{1,5}))?/g;
  return [...row.matchAll(form)].map(([, src = "", dst = "", sport, dport]) => ({
    src: { host: src, port: sport === undefined ? undefined : Number(sport) },
    dst: { host: dst, port: dport === undefined ? undefined : Number(dport) },
  }));
}

/**
 * What `pfctl -s states` tells of this gateway, on it or on a firewall before it (pf_print_state.c). The near
 * end comes first, with what it was before its translation in brackets, and the gateway of a route-to or
 * reply-to in braces.
 */
export function parsePfStates(rows: readonly string[], gateway: string): Flow[] {
  return rows.flatMap((row): Flow[] => {
    const form =
      /^\S+ (udp|esp) (\S+)(?: \((\S+)\))?(?: \{\S+\})? (->|<-) (\S+)(?: \((\S+)\))?(?:\s|$)/;
    const [, protocol = "", first = "", was, arrow, second = "", before] = form.exec(row) ?? [];
    const [near, old, far] = [end(first), was === undefined ? undefined : end(was), end(second)];
    if (near === undefined || far === undefined) return [];
    if (arrow === "<-" && near.host === gateway) {
      const peer = (before === undefined ? undefined : end(before)) ?? far;
      return [{ protocol, by: "peer", inside: near, outside: old ?? near, peer, shown: far }];
    }
    const inside = old ?? near;
    if (arrow === "->" && inside.host === gateway) {
      return [{ protocol, by: "gateway", inside, outside: near, peer: far, shown: far }];
    }
    // On its way out to the gateway, with another source than it came with.
    if (arrow === "->" && far.host === gateway && old !== undefined) {
      return [{ protocol, by: "peer", inside: far, peer: old, shown: near }];
    }
    return [];
  });
}

/** `198.51.100.1:500`, `2001:db8::1[500]`, or an address alone. */
function end(text: string): End | undefined {
  const [, six, port] = /^([\da-f:.]+)\[(\d{1,5})\]$/i.exec(text) ?? [];
  if (six !== undefined) return { host: six, port: Number(port) };
  const [, four, number] = /^([\d.]+):(\d{1,5})$/.exec(text) ?? [];
  if (four !== undefined) return { host: four, port: Number(number) };
  return /^[\da-f:.]+$/i.test(text) ? { host: text } : undefined;
}
