import { overGre } from "./gre";
import { ofAnotherGroup } from "./groups";
import { networkOfIpv6 } from "../../support/stack";
import type { Case } from "./case";

const cbc = { encryption: "aes-256", integrity: "hmac-sha2-256", group: "ecp256" };
const probe = { source: "10.10.0.2", target: "10.20.1.100" };
const perimeter = {
  driver: "nftables",
  connection: { host: "10.10.0.1" },
  outside: { interface: "ext0", address: "198.51.100.1" },
};
const v6 = {
  network: networkOfIpv6,
};

const fromIso = {
  "hypervisor.mediaPool": "media",
  source: { iso: { release: "7.9" } },
  "admin.publicKeys": ["ssh-ed25519 AAAA admin"],
};

const sealed = { uri: "qemu:///system", pool: "vg0", volume: "gw-test-sealed" };
const copied = { source: { disk: { volume: "gw-2", from: sealed, sha256: "0".repeat(64) } } };

/** Of the rules that no file beside this one is about. */
export const otherCases: Record<string, Case[]> = {
  GW010: [
    {
      refuses: { "tunnels.0.remote": ["10.20.1.5/24"] },
      accepts: { "tunnels.0.remote": ["10.20.1.5/32"] },
      at: "tunnels[0].remote[0]",
      says: /10\.20\.1\.5\/24 has host bits set: write 10\.20\.1\.0\/24/,
    },
    {
      refuses: { "tunnels.0.local": ["10.10.0.0/33"] },
      accepts: { "tunnels.0.local": ["10.10.0.0/24"] },
      at: "tunnels[0].local[0]",
      says: /10\.10\.0\.0\/33 is not a network: write a prefix from 0 to 32/,
    },
    {
      refuses: { "admin.networks": ["10.10.0.254"] },
      accepts: { "admin.networks": ["10.10.0.254/32"] },
      at: "admin.networks[0]",
      says: /is not a network: write 10\.10\.0\.254\/32/,
    },
    {
      refuses: { "admin.networks": ["2001:DB8::/32"] },
      accepts: { "admin.networks": ["2001:db8::/32"] },
      at: "admin.networks[0]",
      says: /usual spelling: write 2001:db8::\/32/,
    },
    {
      refuses: { "tunnels.0.remote": ["any"] },
      accepts: {},
      at: "tunnels[0].remote[0]",
      says: /any is not a network: write ADDRESS\/PREFIX/,
    },
  ],
  GW011: [
    {
      refuses: { "tunnels.0.peer": "west" },
      accepts: { "tunnels.0.peer": "198.51.100.99" },
      at: "tunnels[0].peer",
      says: /west is not an address/,
    },
    {
      refuses: { "tunnels.0.peer": "198.51.100.300" },
      accepts: { "tunnels.0.peer": "west.example.net" },
      at: "tunnels[0].peer",
      says: /198\.51\.100\.300 is not an address/,
    },
    {
      refuses: { "network.dns": ["10.10.0.053"] },
      accepts: { "network.dns": ["10.10.0.53"] },
      at: "network.dns[0]",
      says: /is not an address/,
    },
  ],
  GW012: [
    {
      refuses: { "network.address": "10.10.0.2" },
      accepts: { "network.address": "10.10.0.2/16" },
      at: "network.address",
      says: /with its network's prefix: write one such as 10\.10\.0\.2\/24/,
    },
  ],
  GW020: [
    {
      refuses: { "network.gateway": "10.11.0.1" },
      accepts: { "network.gateway": "10.10.0.254" },
      at: "network.gateway",
      says: /10\.11\.0\.1 is not in the network of 10\.10\.0\.2\/24/,
    },
    {
      refuses: { "network.gateway": "10.10.0.2" },
      accepts: {},
      at: "network.gateway",
      says: /is the gateway itself/,
    },
  ],
  GW021: [
    {
      refuses: { "admin.networks": [] },
      accepts: { "admin.networks": ["10.10.0.0/24"] },
      at: "admin.networks",
      says: /nobody could log in/,
    },
  ],
  GW022: [
    {
      refuses: { "admin.networks": ["10.20.1.0/25"] },
      accepts: { "admin.networks": ["10.0.0.0/8"] },
      at: "admin.networks[0]",
      says: /within tunnels\[0\]\.remote\[0\]/,
    },
  ],
  GW023: [
    {
      refuses: { "network.publicAddress": "10.10.0.2", "tunnels.0.localId": "gw" },
      accepts: { "network.publicAddress": "10.10.0.2", "network.behindNat": false },
      at: "network.behindNat",
      says: /gateway's own address: write false/,
    },
  ],
  GW024: [
    {
      refuses: { perimeter, "perimeter.outside": { interface: "ext0", address: "198.51.100.2" } },
      accepts: { perimeter },
      at: "perimeter.outside.address",
      says: /198\.51\.100\.2 is not network\.publicAddress 198\.51\.100\.1/,
    },
  ],
  GW025: [
    {
      refuses: {
        "network.publicAddress": "2001:db8::1",
        perimeter: { ...perimeter, outside: { interface: "ext0", address: "2001:db8::1" } },
      },
      accepts: { perimeter },
      at: "perimeter.outside.address",
      says: /is IPv6, network\.address is IPv4/,
    },
  ],
  GW026: [
    {
      refuses: { "tunnels.0.peer": "2001:db8::11" },
      accepts: { ...v6, "tunnels.0.peer": "2001:db8::11", "tunnels.1.enabled": false },
      at: "tunnels[0].peer",
      says: /is IPv6, network\.address is IPv4/,
    },
  ],
  GW027: [
    {
      refuses: { "hypervisor.tcgBufferMiB": 128 },
      accepts: { "hypervisor.tcgBufferMiB": 128, "hypervisor.domainType": "qemu" },
      at: "hypervisor.tcgBufferMiB",
      says: /no meaning with domainType kvm/,
    },
  ],
  GW170: [
    {
      refuses: { "hypervisor.hostKey": "ssh-ed25519 AAAA" },
      accepts: {
        "hypervisor.hostKey": "ssh-ed25519 AAAA",
        "hypervisor.uri": "qemu+ssh://root@hv1/system",
      },
      at: "hypervisor.hostKey",
      says: /no meaning for a hypervisor on this machine/,
    },
  ],
  GW030: [
    {
      refuses: { "tunnels.1.name": "west" },
      accepts: { "tunnels.1.name": "west-2" },
      at: "tunnels[1].name",
      says: /west is also tunnels\[0\]/,
    },
    {
      refuses: { "tunnels.1.name": "west", "tunnels.1.enabled": false },
      accepts: {},
      at: "tunnels[1].name",
      says: /west is also tunnels\[0\]/,
    },
  ],
  GW031: [
    ofAnotherGroup,
    {
      refuses: { "tunnels.1.remote": ["10.20.2.0/24", "10.20.1.0/24"] },
      accepts: { "tunnels.1.remote": ["10.20.1.0/24"], "tunnels.1.enabled": false },
      at: "tunnels[1].remote[1]",
      says: /10\.10\.0\.0\/24 to 10\.20\.1\.0\/24 is also at tunnels\[0\]\.remote\[0\]/,
    },
  ],
  GW032: [
    {
      refuses: { "tunnels.1.remote": ["10.20.0.0/16"], "tunnels.1.local": ["10.10.0.128/25"] },
      accepts: { "tunnels.1.remote": ["10.20.0.0/16"] },
      at: "tunnels[1].remote[0]",
      says: /10\.10\.0\.128\/25 to 10\.20\.0\.0\/16 crosses tunnels\[0\]\.remote\[0\] \(10\.10\.0\.0\/24 to 10\.20\.1\.0\/24\): each is wider on one side/,
    },
    {
      refuses: { "tunnels.0.remote": ["10.20.0.0/16"], "tunnels.0.local": ["10.10.0.128/25"] },
      accepts: { "tunnels.0.remote": ["10.20.0.0/16"], "tunnels.0.local": ["10.11.0.0/24"] },
      at: "tunnels[1].remote[0]",
      says: /crosses tunnels\[0\]\.remote\[0\]/,
    },
  ],
  GW033: [
    {
      refuses: { "tunnels.0.remote": ["10.20.0.0/23", "10.20.1.0/24"] },
      accepts: { "tunnels.0.remote": ["10.20.0.0/24", "10.20.1.0/24"] },
      at: "tunnels[0].remote[1]",
      says: /overlaps tunnels\[0\]\.remote\[0\]/,
    },
    {
      refuses: { "tunnels.0.local": ["10.10.0.0/24", "10.10.0.0/24"] },
      accepts: { "tunnels.0.local": ["10.10.0.0/24", "10.10.1.0/24"] },
      at: "tunnels[0].local[1]",
      says: /overlaps tunnels\[0\]\.local\[0\]/,
    },
  ],
  GW034: [
    {
      refuses: { "tunnels.0.remote": ["10.0.0.0/8"], "tunnels.0.local": ["192.0.2.0/24"] },
      accepts: { "tunnels.0.local": ["192.0.2.0/24"] },
      at: "tunnels[0].remote[0]",
      says: /10\.0\.0\.0\/8 overlaps network\.address \(10\.10\.0\.0\/24\)/,
    },
    {
      refuses: { "tunnels.0.remote": ["192.0.2.0/25"], "tunnels.0.local": ["192.0.2.0/24"] },
      accepts: { "tunnels.0.local": ["192.0.2.0/24"] },
      at: "tunnels[0].remote[0]",
      says: /overlaps tunnels\[0\]\.local\[0\]/,
    },
    {
      // Of every address the exceptions are known, of these they are not.
      refuses: { "tunnels.0.remote": ["0.0.0.0/1"] },
      accepts: { "tunnels.0.remote": ["0.0.0.0/0"] },
      at: "tunnels[0].remote[0]",
      says: /0\.0\.0\.0\/1 overlaps network\.address/,
    },
  ],
  GW035: [
    {
      refuses: {
        "tunnels.0.remote": ["10.20.1.0/24", "2001:db8:20::/64"],
        "ike.daemon": "isakmpd",
      },
      accepts: {
        "tunnels.0.remote": ["10.20.1.0/24", "2001:db8:20::/64"],
        "tunnels.0.local": ["10.10.0.0/24", "2001:db8:30::/64"],
        "ike.daemon": "isakmpd",
      },
      at: "tunnels[0].remote[1]",
      says: /is IPv6, and local has no IPv6 network/,
    },
    {
      refuses: { "tunnels.0.local": ["2001:db8:30::/64"] },
      accepts: {},
      at: "tunnels[0].local[0]",
      says: /is IPv6, and remote has no IPv6 network/,
    },
  ],
  GW036: [
    {
      refuses: {
        "tunnels.0.remote": ["10.20.1.0/24", "2001:db8:20::/64"],
        "tunnels.0.local": ["10.10.0.0/24", "2001:db8:30::/64"],
      },
      accepts: {
        "tunnels.0.remote": ["2001:db8:20::/64"],
        "tunnels.0.local": ["2001:db8:30::/64"],
      },
      at: "tunnels[0]",
      says: /one tunnel per family/,
    },
  ],
  GW037: [
    {
      refuses: { "tunnels.0.probe": { ...probe, source: "10.11.0.2" } },
      accepts: { "tunnels.0.probe": probe },
      at: "tunnels[0].probe.source",
      says: /10\.11\.0\.2 is in none of the local networks: write an address in 10\.10\.0\.0\/24/,
    },
    {
      refuses: { "tunnels.0.probe": { ...probe, target: "10.20.2.100" } },
      accepts: { "tunnels.0.probe": probe },
      at: "tunnels[0].probe.target",
      says: /in none of the remote networks/,
    },
  ],
  GW038: [
    {
      refuses: { "tunnels.0.peer": "198.51.100.1" },
      accepts: { "tunnels.0.peer": "198.51.100.3" },
      at: "tunnels[0].peer",
      says: /198\.51\.100\.1 is the gateway/,
    },
  ],
  GW039: [
    {
      refuses: { "tunnels.1.peer": "198.51.100.11", "ike.daemon": "isakmpd" },
      accepts: { "tunnels.1.peer": "198.51.100.11" },
      at: "tunnels[1].peer",
      says: /is also the peer of tunnels\[0\]: declare all its networks in one tunnel/,
    },
  ],
  GW040: [
    ...["des", "des-cbc", "skipjack", "null", "aes-256-gmac"].map((encryption) => ({
      refuses: { "tunnels.0.phase2": { ...cbc, encryption } },
      accepts: { "tunnels.0.phase2": cbc },
      at: "tunnels[0].phase2.encryption",
      says: /write a stronger one/,
    })),
    {
      refuses: { "tunnels.0.phase1": { ...cbc, group: "modp768" } },
      accepts: { "tunnels.0.phase1": { ...cbc, group: "modp2048" } },
      at: "tunnels[0].phase1.group",
      says: /modp768 can be broken/,
    },
  ],
  GW041: [
    {
      refuses: { "tunnels.0.phase1": { ...cbc, encryption: "aes256" } },
      accepts: { "tunnels.0.phase1": cbc },
      at: "tunnels[0].phase1.encryption",
      says: /aes256 is not known to iked here: write aes-256/,
    },
    {
      refuses: { "tunnels.0.phase1": { ...cbc, group: "curve25519" }, "ike.daemon": "isakmpd" },
      accepts: { "tunnels.0.phase1": { ...cbc, group: "curve25519" } },
      at: "tunnels[0].phase1.group",
      says: /curve25519 is not known to isakmpd here/,
    },
    {
      refuses: { "tunnels.0.phase1": { ...cbc, group: "group24" } },
      accepts: { "tunnels.0.phase1": { ...cbc, group: "modp2048" } },
      at: "tunnels[0].phase1.group",
      says: /OpenBSD does not have a group of RFC 5114: agree one of .*modp2048/,
    },
    {
      refuses: { "tunnels.0.phase1": { ...cbc, group: "none" } },
      accepts: { "tunnels.0.phase2": { ...cbc, group: "none" } },
      at: "tunnels[0].phase1.group",
      says: /none is not known to iked here/,
    },
    {
      refuses: { "tunnels.0.phase2": { ...cbc, encryption: "constructor" } },
      accepts: { "tunnels.0.phase2": cbc },
      at: "tunnels[0].phase2.encryption",
      says: /constructor is not known/,
    },
  ],
  GW042: [
    {
      refuses: { "tunnels.0.phase2": { ...cbc, encryption: "aes-256-gcm" } },
      accepts: { "tunnels.0.phase2": { encryption: "aes-256-gcm", group: "ecp256" } },
      at: "tunnels[0].phase2.integrity",
      says: /is implied by aes-256-gcm: remove it/,
    },
    {
      refuses: { "tunnels.0.phase1": { encryption: "aes-256", group: "ecp256" } },
      accepts: { "tunnels.0.phase1": cbc },
      at: "tunnels[0].phase1.integrity",
      says: /aes-256 does not authenticate/,
    },
    {
      refuses: { "tunnels.0.phase2": { encryption: "aes-256-ctr", group: "ecp256" } },
      accepts: { "tunnels.0.phase2": { ...cbc, encryption: "aes-256-ctr" } },
      at: "tunnels[0].phase2.integrity",
      says: /is missing/,
    },
  ],
  GW043: [
    {
      refuses: { "tunnels.0.phase1": { encryption: "aes-256-gcm", group: "ecp256" } },
      accepts: {
        "tunnels.0.phase1": { encryption: "aes-256-gcm", prf: "hmac-sha2-256", group: "ecp256" },
      },
      at: "tunnels[0].phase1.prf",
      says: /is missing, and aes-256-gcm implies none/,
    },
    {
      refuses: { "tunnels.0.phase1": { ...cbc, prf: "hmac-sha2-512" }, "ike.daemon": "isakmpd" },
      accepts: { "tunnels.0.phase1": { ...cbc, prf: "hmac-sha2-512" } },
      at: "tunnels[0].phase1.prf",
      says: /cannot be chosen in IKEv1: remove it/,
    },
  ],
  GW050: [
    {
      refuses: { "tunnels.1.remoteId": "west.example.net" },
      accepts: { "tunnels.1.remoteId": "west.example.net", "tunnels.1.enabled": false },
      at: "tunnels[1].remoteId",
      says: /has the remoteId of tunnels\[0\]/,
    },
    {
      refuses: { "tunnels.0.remoteId": "2001:db8::9", "tunnels.1.remoteId": "2001:DB8:0::9" },
      accepts: { "tunnels.0.remoteId": "2001:db8::9", "tunnels.1.remoteId": "2001:db8::99" },
      at: "tunnels[1].remoteId",
      says: /has the remoteId of tunnels\[0\]/,
    },
  ],
  GW060: [
    {
      refuses: { "tunnels.0.psk": "pskSpaced", "ike.daemon": "isakmpd" },
      accepts: { "tunnels.0.psk": "pskGood", "ike.daemon": "isakmpd" },
      at: "tunnels[0].psk",
      says: /the key it names has a space, at which isakmpd ends it/,
    },
    {
      refuses: { "tunnels.0.psk": "pskNowhere" },
      accepts: { "tunnels.0.psk": "pskGood" },
      at: "tunnels[0].psk",
      says: /names a config key that is not set/,
    },
  ],
  GW100: [
    {
      refuses: { "system.packages": ["vim--no_x11", "curl", "vim-9.2.57-gtk3"] },
      accepts: { "system.packages": ["vim--no_x11", "curl", "vim-x"] },
      at: "system.packages[2]",
      says: /is the same package as system\.packages\[0\]/,
    },
  ],
  GW101: [
    {
      refuses: { system: { sysctls: { "net.inet.ip.redirect": 1 } } },
      accepts: { system: { sysctls: { "net.inet.icmp.rediraccept": 1 } } },
      at: "system.sysctls.net.inet.ip.redirect",
      says: /is 0 on every gateway: leave it out/,
    },
    {
      refuses: { ...overGre, system: { sysctls: { "net.inet.gre.allow": 0 } } },
      accepts: { system: { sysctls: { "net.inet.gre.allow": 1 } } },
      at: "system.sysctls.net.inet.gre.allow",
      says: /is 1 on every gateway with a tunnel of kind gre: leave it out/,
    },
  ],
  GW102: [
    {
      refuses: { system: { rebootWindow: "02:00-04:00" } },
      accepts: { system: { rebootWindow: "22:00-04:00", patches: "apply" } },
      at: "system.rebootWindow",
      says: /has no effect with patches: report/,
    },
  ],
  GW090: [
    {
      refuses: { "source.iso": { release: "7.9" } },
      accepts: {},
      at: "source",
      says: /has image and iso: leave one of them/,
    },
    {
      refuses: { source: {} },
      accepts: {},
      at: "source",
      says: /says neither image nor iso nor disk: write source\.iso\.release/,
    },
  ],
  GW091: [
    {
      refuses: { ...fromIso, "hypervisor.mediaPool": undefined },
      accepts: fromIso,
      at: "hypervisor.mediaPool",
      says: /is missing, and source\.iso needs it/,
    },
  ],
  GW092: [
    {
      refuses: { ...fromIso, "admin.publicKeys": undefined },
      accepts: { ...fromIso, "admin.publicKeys": undefined, "admin.identityFile": "key" },
      at: "admin.publicKeys",
      says: /is missing, and source\.iso needs it/,
    },
  ],
  GW093: [
    {
      refuses: { ...fromIso, "network.dns": ["10.10.0.1", "2001:db8::53"] },
      accepts: { "network.dns": ["10.10.0.1", "2001:db8::53"] },
      at: "network.dns[1]",
      says: /2001:db8::53 is IPv6: write an IPv4 one/,
    },
  ],
  GW094: [
    {
      refuses: { ...fromIso, "admin.user": "operator" },
      accepts: { ...fromIso, "admin.user": "root" },
      at: "admin.user",
      says: /operator is not on a new system: write root/,
    },
    {
      refuses: { ...fromIso, "admin.port": 2222 },
      accepts: { ...fromIso, "admin.port": 22 },
      at: "admin.port",
      says: /a new system does not listen on 2222: write 22/,
    },
  ],
  GW095: [
    {
      refuses: { ...fromIso, "source.iso.signature": "SHA256.sig" },
      accepts: { ...fromIso, "source.iso.signature": "SHA256.sig", "source.iso.file": "i.iso" },
      at: "source.iso.signature",
      says: /belongs to no source\.iso\.file/,
    },
    {
      refuses: { ...fromIso, "source.iso.mirrors": ["http://a/b"], "source.iso.file": "i.iso" },
      accepts: { ...fromIso, "source.iso.mirrors": ["http://a/b"] },
      at: "source.iso.mirrors",
      says: /is not asked/,
    },
  ],
  GW099: [
    {
      refuses: { ...fromIso, source: { iso: { release: "8.1" } } },
      accepts: fromIso,
      at: "source.iso.release",
      says: /8\.1 was not released yet when its key was added here: mirrors may not have it/,
    },
  ],
  GW098: [
    {
      refuses: { ...fromIso, "machine.diskGiB": 1 },
      accepts: { ...fromIso, "machine.diskGiB": 2 },
      at: "machine.diskGiB",
      says: /1 is too small to install on/,
    },
  ],
  GW103: [
    {
      refuses: { source: { disk: { volume: "gw-2", from: sealed } } },
      accepts: { ...copied, "admin.publicKeys": ["ssh-ed25519 AAAA admin"] },
      at: "source.disk.sha256",
      says: /is missing, and source\.disk\.from needs it/,
    },
    {
      refuses: copied,
      accepts: { ...copied, "admin.identityFile": "~/.ssh/id_ed25519" },
      at: "admin.publicKeys",
      says: /is missing, and source\.disk\.from needs it/,
    },
    {
      refuses: { source: { disk: { volume: "gw-2" } } },
      accepts: { source: { disk: { volume: "gw-2", hostKey: "ssh-ed25519 AAAA" } } },
      at: "source.disk.hostKey",
      says: /would be believed without one/,
    },
  ],
};
