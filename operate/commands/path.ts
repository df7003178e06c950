import { declare, valued } from "../commandLine/declaration";
import { json, stack } from "../commandLine/shared";
import { file, text } from "../commandLine/values";

export const command = declare({
  name: "path",
  summary: "whether IKE and ESP reach the gateway unchanged, and how long packets may be",
  text: `
    The path between the peers and the gateway: whether UDP 500 and 4500 arrive, the source address and
    the ports are kept (NAT, IPsec passthrough), ESP is needed and passes, and how long a packet may be
    in each tunnel (pings with DF), compared with the MSS clamp. It reads the forwards and flows of the firewall
    and the packets that reach the gateway; changes nothing.`,
  terms: {
    ok: "seen to be right",
    unseen: "as declared and nothing speaks against it, but no packet showed it just now",
    wrong: "seen to be wrong, with what to do",
    unknown: "not known, with the reason",
  },
  options: {
    from: valued(
      text("USER@HOST[:PORT]"),
      "a host outside, reached by your own ssh, that sends a few UDP datagrams to the gateway's public " +
        "address; it must be among the forwards' sources, as a peer is",
    ),
    identity: valued(file, "private key for it"),
    "known-hosts": valued(file, "the known_hosts file with its host key (default: your own)"),
    json: json("path"),
    stack,
  },
  examples: [
    "./scripts/gateway path",
    `./scripts/gateway path --from root@west.example.net --json | jq '.rows[] | select(.result != "ok")'`,
  ],
  exit: {
    ok: "nothing is wrong",
    failed: "something is",
    cannotTell: "something could not be seen",
  },
});
