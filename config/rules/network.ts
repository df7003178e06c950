import { readHypervisorUri } from "../hypervisorUri";
import { outsideAddress } from "../arms";
import { addressOf, contains, family, inside, parseNetwork } from "../net";
import { enabledTunnels, parsed, side } from "./places";
import { finding, type Rule } from "./rule";

export const gatewayOnNetwork: Rule = {
  code: "GW020",
  check: ({ network }) => {
    if (!network || !family(network.gateway)) return [];
    const { gateway, outside } = network;
    const address = outsideAddress(network);
    if (!parseNetwork(address)) return [];
    if (gateway === addressOf(address)) {
      return [
        finding("network.gateway", `${gateway} is the gateway itself`, "write the LAN's router"),
      ];
    }
    if (inside(gateway, [address])) return [];
    return [
      finding(
        "network.gateway",
        `${gateway} is not in the network of ${address}`,
        `write a router in that network, or correct network.${outside ? "outside." : ""}address`,
      ),
    ];
  },
};

export const adminNetworks: Rule = {
  code: "GW021",
  check: ({ admin }) =>
    admin?.networks.length === 0
      ? [
          finding(
            "admin.networks",
            "is empty, so nobody could log in",
            "write the network of the machine that runs the stack",
          ),
        ]
      : [],
};

export const adminOutsideTunnels: Rule = {
  code: "GW022",
  check: (draft) => {
    const remotes = draft.tunnels.flatMap((entry) => parsed(side(entry, "remote")));
    const places = (draft.admin?.networks ?? []).map((value, index) => ({
      path: `admin.networks[${index}]`,
      value,
    }));
    return parsed(places).flatMap(({ path, value }) => {
      // What a tunnel for every address would take of theirs is an exception by itself.
      const remote = remotes.find(
        (one) => contains(one.value, value) && (one.value.prefix > 0 || value.prefix === 0),
      );
      if (!remote) return [];
      const message = `lies within ${remote.path}, so its SSH would be blocked`;
      return [finding(path, message, "write a network on the gateway's own side")];
    });
  },
};

export const natMatchesAddress: Rule = {
  code: "GW023",
  check: ({ network }) =>
    network?.behindNat === true && network.publicAddress === addressOf(outsideAddress(network))
      ? [
          finding(
            "network.behindNat",
            "is true, but publicAddress is the gateway's own address",
            "write false, or the NAT's outside address as publicAddress",
          ),
        ]
      : [],
};

export const perimeterIsPublic: Rule = {
  code: "GW024",
  check: ({ network, perimeter }) =>
    network && perimeter && network.publicAddress !== perimeter.outside.address
      ? [
          finding(
            "perimeter.outside.address",
            `${perimeter.outside.address} is not network.publicAddress ${network.publicAddress}`,
            "write the same address in both",
          ),
        ]
      : [],
};

export const forwardFamily: Rule = {
  code: "GW025",
  check: ({ network, perimeter }) => {
    if (!network || !perimeter) return [];
    const outside = family(perimeter.outside.address);
    const own = family(outsideAddress(network));
    if (!outside || !own || outside === own) return [];
    return [
      finding(
        "perimeter.outside.address",
        `is IPv${outside}, network.address is IPv${own}`,
        "write addresses of one family, or remove perimeter",
      ),
    ];
  },
};

export const manualIsIpv4: Rule = {
  code: "GW241",
  check: ({ perimeter }) =>
    perimeter?.driver === "manual" && family(perimeter.outside.address) === 6
      ? [
          finding(
            "perimeter.driver",
            "is manual, and perimeter.outside.address is IPv6, for which nothing is written",
            "remove perimeter, and have the device let UDP 500 and 4500 and ESP in to the gateway",
          ),
        ]
      : [],
};

export const peerFamily: Rule = {
  code: "GW026",
  check: (draft) => {
    const own = draft.network && family(outsideAddress(draft.network));
    return enabledTunnels(draft).flatMap(({ path, tunnel }) => {
      const peer = family(tunnel.peer);
      if (!own || !peer || own === peer) return [];
      const message = `is IPv${peer}, network.address is IPv${own}`;
      return [finding(`${path}.peer`, message, `write the peer's IPv${own} address`)];
    });
  },
};

export const hostKeyNeedsSsh: Rule = {
  code: "GW170",
  check: ({ hypervisor }) => {
    if (hypervisor?.hostKey === undefined) return [];
    const read = readHypervisorUri(hypervisor.uri);
    if ("what" in read || read.ssh !== undefined) return [];
    return [
      finding(
        "hypervisor.hostKey",
        "has no meaning for a hypervisor on this machine",
        "remove it, or write a URI such as qemu+ssh://root@hv1/system",
      ),
    ];
  },
};

export const tcgNeedsEmulation: Rule = {
  code: "GW027",
  check: ({ hypervisor }) =>
    hypervisor?.domainType === "kvm" && hypervisor.tcgBufferMiB !== undefined
      ? [
          finding(
            "hypervisor.tcgBufferMiB",
            "has no meaning with domainType kvm",
            "remove it, or write domainType: qemu",
          ),
        ]
      : [],
};
