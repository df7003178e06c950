/** What a code stands for. */
export interface Meaning {
  /** Whether it refuses the declaration, or is only said. */
  readonly level: "refuses" | "warns";
  /** What is found, in one line. */
  readonly what: string;
  /** Why it matters, in one line. */
  readonly why: string;
}

const refuses = (what: string, why: string): Meaning => ({ level: "refuses", what, why });
const warns = (what: string, why: string): Meaning => ({ level: "warns", what, why });

/**
 * Every code, the only list of them. A code is stable: it is never used again for something else. The compiler
 * refuses one that stands here twice, and one in a rule that does not stand here.
 */
export const CODES = {
  GW001: refuses(
    "the shape of the values: a missing or unknown key, a wrong type, a value out of range",
    "what is misspelt would be left out without a word, and a default be used in its place",
  ),
  GW002: refuses(
    "a file that is named in the values and cannot be read",
    "the update would end in its middle, where the file is first needed",
  ),
  GW003: refuses(
    "the hypervisor: its host key, that it answers, its pools, and room for the disk",
    "the update would end in its middle, with a machine half made",
  ),
  GW010: refuses(
    "a network that is not written as ADDRESS/PREFIX in the usual spelling",
    "a selector with host bits set, or spelt two ways, never equals the peer's",
  ),
  GW011: refuses(
    "an address that is a name, or not in the usual spelling",
    "pf, the IKE daemons and the forwards need the address itself, spelt in one way",
  ),
  GW012: refuses(
    "an own address without the prefix of its network",
    "the prefix tells which hosts are on the gateway's own network",
  ),
  GW020: refuses(
    "a default router that is the gateway itself, or outside its network",
    "a router outside the interface's network cannot be reached",
  ),
  GW021: refuses(
    "no network from which administrators log in",
    "pf lets SSH in from these networks only: with none the gateway locks everybody out",
  ),
  GW022: refuses(
    "a network of administrators behind a tunnel",
    "remote networks are let in through their tunnel only, and there not to the gateway",
  ),
  GW023: refuses(
    "behindNat and publicAddress that contradict each other",
    "without a NAT the peers send plain ESP, which pf drops when behindNat is true",
  ),
  GW024: refuses(
    "an outside address of the perimeter that is not the public address",
    "the peers send to publicAddress, so that is the address that has to be forwarded",
  ),
  GW025: refuses(
    "a forward from one address family to the other",
    "a forward changes the address of a packet, never its family",
  ),
  GW026: refuses(
    "a peer of another address family than the gateway's address",
    "IKE and ESP run between two addresses of one family",
  ),
  GW027: refuses(
    "a translation buffer for a guest that is not emulated",
    "only an emulated guest has a translation buffer",
  ),
  GW030: refuses(
    "a tunnel's name that is used twice",
    "the name is the resource, the file on the gateway and the pf tag",
  ),
  GW031: refuses(
    "a pair of networks that two tunnels have which are not of one group",
    "nothing chooses between their flows or routes, and isakmpd names a connection by its networks alone: the last one silently wins (ike.c)",
  ),
  GW032: refuses(
    "networks of two tunnels of which each is wider than the other's on one side",
    "the kernel would send a packet into one of the tunnels, and take its answer from the other one only",
  ),
  GW033: refuses(
    "networks of one side of a tunnel that overlap",
    "networks of one side that contain each other make selectors the peer cannot mirror",
  ),
  GW034: refuses(
    "a remote network that overlaps the gateway's own network, other than 0.0.0.0/0",
    "a tunnel to our own network would take the LAN's traffic, SSH included, with it",
  ),
  GW035: refuses(
    "a network without a partner of its address family",
    "a selector pair is of one family; a network without a partner would reach nothing",
  ),
  GW036: refuses(
    "IPv4 and IPv6 networks in one policy-based tunnel of iked",
    "IPv4 and IPv6 selectors in one policy do not come up together with iked",
  ),
  GW037: refuses(
    "a probe from or to an address outside the tunnel's networks",
    "a probe outside the selectors never enters the tunnel, so it proves nothing",
  ),
  GW038: refuses("a peer that is the gateway itself", "a tunnel to itself never comes up"),
  GW039: refuses(
    "a peer of two tunnels of isakmpd",
    "isakmpd keeps one phase 1 per peer: two tunnels would share the last one's key and ids",
  ),
  GW040: refuses(
    "an algorithm that protects nothing",
    "an algorithm that gives no protection is refused, whatever the peer can do",
  ),
  GW041: refuses(
    "an algorithm that the daemon does not know",
    "the daemons match names by prefix and load some unknown ones without a word",
  ),
  GW042: refuses(
    "an integrity beside an AEAD cipher, or none beside another cipher",
    "AEAD ciphers authenticate themselves, the others protect nothing without integrity",
  ),
  GW043: refuses(
    "a PRF that is missing in IKEv2, or chosen in IKEv1",
    "IKEv2 needs a pseudo-random function (RFC 7296 2.13); IKEv1 takes the integrity's hash",
  ),
  GW044: refuses(
    "a lifetime of phase 2 that is longer than that of phase 1, or without an exception as long",
    "a child SA that outlives its IKE SA cannot be renewed or deleted in time",
  ),
  GW050: refuses(
    "a remote identity that two tunnels of iked have",
    "the identity chooses policy and key, and iked keeps one IKE SA of each (ikev2.c)",
  ),
  GW060: refuses(
    "a preshared key that is not set, or of which a daemon would cut or misread a part",
    "both daemons and their files cut or misread other characters without a word",
  ),
  GW061: refuses(
    "a profile that the daemon does not have",
    "a profile that the daemon cannot speak would be replaced by another one unseen",
  ),
  GW062: refuses(
    "an algorithm weaker than profile compat, without an exception",
    "what standards discourage is used on purpose or not at all",
  ),
  GW063: refuses(
    "an exception whose last day is over",
    "an exception is a promise to be done with it by a day",
  ),
  GW064: warns(
    "an exception in use",
    "who runs the gateway ought to see every day what will be refused on which",
  ),
  GW065: warns(
    "an exception that allows nothing in use",
    "an exception that is not needed allows a later mistake",
  ),
  GW066: warns(
    "isakmpd as the daemon",
    "IKEv1 is Historic (RFC 9395, April 2023), and OpenBSD says of isakmpd: avoid it",
  ),
  GW067: warns(
    "a tunnel without perfect forward secrecy",
    "without a group of its own, whoever learns phase 1's keys can read every child SA",
  ),
  GW068: refuses(
    "a tunnel from every address, for every IPv6 address, or of kind route for every address",
    "a default route or flow would take the gateway's own SSH, IKE and neighbour discovery with it; only of a policy-based tunnel for every IPv4 address the exceptions are known",
  ),
  GW069: refuses(
    "an interface (sec, gre) in a tunnel of another kind, or none in one of its kind",
    "a route-based tunnel is an interface (sec(4)), and so is GRE (gre(4)); a policy-based one has none",
  ),
  GW070: refuses(
    "an interface secN or greN of two tunnels",
    "two tunnels on one interface would take each other's packets",
  ),
  GW071: refuses(
    "inside addresses that do not fit each other, or are in use elsewhere",
    "the routes go to the peer's address, which has to be on the interface and nowhere else",
  ),
  GW072: refuses(
    "ports of a protocol that has none",
    "only tcp and udp have ports (ipsec.conf(5), iked.conf(5), pf.conf(5))",
  ),
  GW073: refuses(
    "several protocols in a tunnel of iked",
    "iked offers the first of a policy's protocols only, and encrypts them all (policy.c)",
  ),
  GW074: refuses(
    "traffic that fits no pair of networks",
    "icmp is IPv4's and icmp6 IPv6's: networks without any traffic would reach nothing",
  ),
  GW075: refuses(
    "a probe that the tunnel's traffic does not let through",
    "the probe is a ping: one that the selectors leave out proves nothing",
  ),
  GW076: refuses(
    "a translated tunnel with several local networks",
    "two networks behind one address make the same selector twice",
  ),
  GW077: refuses(
    "a translated address or network within a remote network",
    "answers to a translated address that is the peer's own never come back",
  ),
  GW078: refuses(
    "a pair of networks that two tunnels of isakmpd have after translation",
    "isakmpd names a connection by what is negotiated: the last one silently wins (ike.c)",
  ),
  GW079: refuses(
    "bytes or extended sequence numbers with isakmpd",
    "ipsec.conf(5) has no words for bytes and extended sequence numbers",
  ),
  GW080: warns(
    "a preshared key of two tunnels",
    "a peer that knows another tunnel's key can stand in for its peer",
  ),
  GW081: refuses(
    "a preshared key that can be guessed, without an exception",
    "whoever records one negotiation can try keys at home until one fits (RFC 7296 2.15)",
  ),
  GW082: refuses(
    "a preshared key that the peer's device does not take",
    "a device that cuts or refuses the key never comes up, and says something else",
  ),
  GW083: refuses(
    "options and further files in system.pfRules",
    "options and further files belong to the main ruleset, which the stack writes",
  ),
  GW084: refuses(
    "a generation of a preshared key that is not generated",
    "a generation renews a generated key; the stack's own key changes with its secret",
  ),
  GW085: refuses(
    "a tunnel without networks, or with pairs beside the lists local and remote",
    "what reaches what is said once: by two lists that all reach each other, or pair by pair",
  ),
  GW086: warns(
    "a tunnel without a probe",
    "only a probe tells a tunnel that carries packets from one that merely looks up",
  ),
  GW087: warns(
    "a probe from an address that the gateway is not known to have",
    "the gateway sends the probe, and can only send from an address that it has",
  ),
  GW088: refuses(
    "routed networks of another address family than the inside addresses",
    "a route to an address of the other family cannot be made",
  ),
  GW089: warns(
    "a group of phase 2 that is not phase 1's, with iked",
    "in IKEv2 the first child SA has no group of its own: a wrong one fails hours later",
  ),
  GW090: refuses(
    "no source for the disk, or several",
    "the disk gets its contents in one way: which of two should win, nobody can tell",
  ),
  GW091: refuses(
    "an installation without a pool for its CD",
    "the hypervisor starts the installer from a CD in a pool of its own",
  ),
  GW092: refuses(
    "a new system that nobody has a key for",
    "the installed system knows no password: without a key nobody ever gets in",
  ),
  GW093: refuses(
    "an installation with IPv6 addresses",
    "the answers for the installer set up IPv4 only",
  ),
  GW094: refuses(
    "an installation with another user than root, or another SSH port than 22",
    "a new system knows root alone, and its sshd listens on port 22",
  ),
  GW095: refuses(
    "a key of source.iso that belongs to the other way to get an ISO",
    "an ISO is either here or fetched; a value for the other case would be ignored",
  ),
  GW096: refuses(
    "a new generation of a protected gateway, without source.iso.allowReinstall",
    "a new generation erases the gateway's disk",
  ),
  GW097: refuses(
    "an image for a gateway that was installed from an ISO, or the other way round",
    "another kind of source erases the gateway's disk",
  ),
  GW098: refuses(
    "a disk too small to install on",
    "the installer gives up when the file systems do not fit the disk",
  ),
  GW099: warns(
    "a release that OpenBSD no longer patches",
    "OpenBSD patches its two newest releases only, and mirrors drop the others",
  ),
  GW100: refuses(
    "a package that is named twice, also in two flavours",
    "two flavours of one package cannot be installed together",
  ),
  GW101: refuses(
    "a value in system.sysctls that the stack sets itself",
    "the gateway does not work with another value of these",
  ),
  GW102: refuses(
    "a window for reboots without patches: apply",
    "only `apply` ever reboots, so a window for something else is a misunderstanding",
  ),
  GW103: refuses(
    "a copied disk without its hash, its host key or a login",
    "a copy is proven by its hash, and a disk that is there by the key of who is on it",
  ),
  GW120: refuses(
    "a forward that is named twice",
    "of two lists for one forward only one can be in force",
  ),
  GW121: refuses(
    "a source of a forward that is no address or network",
    "a name would be looked up once, when the rule is made, and never again",
  ),
  GW122: refuses(
    "sources of a forward that leave a peer out",
    "a peer left out cannot start a tunnel, nor come back after a silence",
  ),
  GW123: refuses(
    "sources for a forward that is not made",
    "behind a NAT, ESP travels in UDP 4500, so there is no forward for ESP itself",
  ),
  GW124: refuses(
    "a route to the gateway for a network that no tunnel has",
    "a route to the gateway for what it has no tunnel to would end there",
  ),
  GW125: refuses(
    "a route to the gateway for its own network",
    "a route over the LAN itself would cut the host off from everybody",
  ),
  GW126: refuses(
    "a route whose next hop is of the other address family",
    "the next hop of a route is of the route's own family",
  ),
  GW127: refuses(
    "a name in lan.routes that is used twice",
    "the name is the first part of the names of the host's routes",
  ),
  GW140: refuses(
    "an algorithm that the vendor's device does not have",
    "an algorithm that the peer's device does not have is never agreed on",
  ),
  GW141: refuses(
    "a lifetime that the vendor's device cannot be configured with",
    "a lifetime that the peer's device cannot be configured with makes it renew at another time",
  ),
  GW142: refuses(
    "networks, traffic or a kind of tunnel that the vendor's device cannot mirror",
    "selectors that the peer's device cannot mirror are refused, or come up one by one",
  ),
  GW143: refuses(
    "an identity that the vendor's device cannot send or expect",
    "an identity that the peer's device cannot send or expect fails the authentication",
  ),
  GW144: refuses(
    "a passive tunnel to a vendor's device that never starts one",
    "a passive tunnel to a device that only answers never comes up",
  ),
  GW145: refuses(
    "a route-based tunnel with IPv6 networks, with isakmpd",
    "isakmpd negotiates 0.0.0.0/0 for every interface (ipsecctl ike.c), and never ::/0",
  ),
  GW146: refuses(
    "identities that differ in case only, with isakmpd",
    "isakmpd keeps identities by name without case: of two the last is sent (conf.c)",
  ),
  GW147: refuses(
    "more networks in a tunnel than a message of iked holds",
    "iked ends, with every tunnel, on more selectors than a message holds (policy.c)",
  ),
  GW148: refuses(
    "a tunnel that leaves the stack in the update that gives the gateway another system",
    "the tunnel would be removed from the old system, and come back with a rollback to it",
  ),
  GW150: refuses(
    "keys that do not belong to the tunnel's way of authentication, or none",
    "a key that nobody uses looks like protection, and a peer without a key gets in nowhere",
  ),
  GW151: refuses(
    "a peerKey that is no public key, too weak, or of a kind that the daemon does not have",
    "both daemons pass over a key that they cannot read, and refuse the peer without a reason",
  ),
  GW152: refuses(
    "auth: publickey with a vendor whose devices know keys by certificates only",
    "a device that has no setting for the gateway's key refuses every authentication",
  ),
  GW153: refuses(
    "a remote identity of two tunnels with public keys, with isakmpd",
    "the daemon finds a peer's key by its identity: there is one file for each (ike_auth.c)",
  ),
  GW154: warns(
    "a public key of two peers",
    "a peer that has another tunnel's key can stand in for its peer",
  ),
  GW155: refuses(
    "a preshared key that is short, hexadecimal or has further punctuation, without an exception",
    "a key of letters and digits is read alike by every daemon and device, and a long one is not guessed",
  ),
  GW156: refuses(
    "a lifetime of more than a day, without an exception",
    "whoever learns the keys of an SA can read all that it carried",
  ),
  GW157: refuses(
    "an identity that the daemon has no word for",
    "the daemons send what they do not know as a host name, which the peer does not expect",
  ),
  GW158: refuses(
    "proposals of one phase that differ in lifetime or bytes, or are the same twice",
    "iked.conf(5) has one lifetime for all proposals of a policy",
  ),
  GW159: refuses(
    "several proposals with isakmpd",
    "a rule of ipsec.conf(5) names each transform once, and a second one is a syntax error",
  ),
  GW160: refuses(
    "a name in place of an address in system.pfRules",
    "rules with a name do not load while it cannot be resolved, as at boot",
  ),
  GW161: refuses(
    "a table from a file in system.pfRules",
    "rules with a table from a file do not load when that file is gone",
  ),
  GW162: warns(
    "an older proposal that is still offered",
    "a peer that may choose the old algorithms is not moved to the new ones",
  ),
  GW170: refuses(
    "a host key for a hypervisor that is not reached over SSH",
    "only SSH shows a host key: for another connection the value would protect nothing",
  ),
  GW190: refuses(
    "a peer of any address without an identity of its own",
    "the identity is all that tells such a peer from any other",
  ),
  GW191: refuses(
    "a peer of any address that the gateway is to start to",
    "without an address there is nobody to send the first packet to",
  ),
  GW192: refuses(
    "a peer of any address, with isakmpd",
    "isakmpd has one key and one identity for all unknown addresses, takes the key before it knows who calls (main mode), and lets whoever has it ask for any tunnel's networks",
  ),
  GW193: warns(
    "peers of any address with different phase 1",
    "iked agrees on phase 1 before the peer says who it is: a peer that offers more than its own may be refused",
  ),
  GW194: refuses(
    "a peer given by name, without the watchdog",
    "the watchdog looks the name up again: without it the tunnel would stay at an address that the peer has left",
  ),
  GW195: warns(
    "a peer given by name, while every name server lies behind a tunnel",
    "what has to be known to bring the tunnel up would be reached through it only",
  ),
  GW196: warns(
    "forwards that are open because a peer is given by name",
    "the firewall does not know the address: it lets IKE in from everybody, whom the gateway's pf limits and IKE authenticates",
  ),
  GW200: refuses(
    "two arms with one name, one interface or overlapping networks",
    "which side a packet belongs to is known by its network: one network is on one side",
  ),
  GW201: refuses(
    "a VLAN under another name than vlanN, or on an interface that is not declared",
    "vlan(4) makes interfaces of that name only, on a network card that is up",
  ),
  GW202: refuses(
    "network cards of a second arm that are not vio0, vio1 and so on without a gap",
    "OpenBSD numbers the cards in their order: another name is another card, or none",
  ),
  GW203: refuses(
    "a network card without a bridge, or a bridge or MAC address for a VLAN",
    "a card is plugged into a bridge of the hypervisor, and a VLAN is only tags on a card",
  ),
  GW204: refuses(
    "an interface without an address and without VLANs, or an alias of another family",
    "an interface without an address does nothing, unless it carries VLANs",
  ),
  GW205: refuses(
    "a perimeter for a gateway that has the public address itself",
    "the peers reach the gateway without the firewall, so its forwards lead nowhere",
  ),
  GW206: refuses(
    "aliases or Internet access of a gateway with one arm, or of IPv6",
    "with one arm the LAN has another router, and IPv6 is not translated, neither from it nor to it",
  ),
  GW207: refuses(
    "a stylesheet of hypervisor.xslt that cannot be applied, or changes what the stack relies on",
    "the update would end in its middle, or make a machine that the stack does not know again",
  ),
  GW210: refuses(
    "a certificate, or a list of revoked ones, that cannot be read or used",
    "the daemons pass over a file that they cannot read, and iked refuses every peer without a reason",
  ),
  GW211: refuses(
    "a certificate that has expired",
    "each end refuses the other as soon as it looks at such a certificate",
  ),
  GW212: refuses(
    "a certificate or a list of revoked ones that is not valid yet",
    "until that day it counts as little as an expired one; or it was made by a clock that is wrong",
  ),
  GW213: refuses(
    "a certificate whose issuer is not among the authorities",
    "the daemons follow the issuers up to a root that they have: without it nothing below is believed",
  ),
  GW214: refuses(
    "a certificate that does not name the identity that the gateway sends",
    "without one whose subjectAltName has the identity iked signs with a bare key; isakmpd looks at the first name alone, and shows none",
  ),
  GW215: refuses(
    "lists of revoked certificates that are not of the authorities, or not of all of them",
    "with one list the daemons ask for a list of every authority, and refuse every peer of one without",
  ),
  GW216: refuses(
    "a list of revoked certificates that has expired",
    "the daemons refuse every peer of that authority, as they cannot know who was revoked since",
  ),
  GW217: refuses(
    "a certificate of the gateway's that is revoked",
    "the peers that read the list refuse it",
  ),
  GW218: refuses(
    "a tunnel with a certificate, and none on the gateway",
    "the first update makes the request for one, and a tunnel without it only fails",
  ),
  GW219: refuses(
    "certificates that no tunnel uses",
    "whoever has a certificate of an authority that the daemon believes may say who it is",
  ),
  GW221: warns(
    "public keys beside certificates on one gateway",
    "the daemons also take a certificate that names the identity of a peer with a public key: the authority can stand in for that key",
  ),
  GW222: refuses(
    "a gateway's certificate of another key than ECDSA P-256, with a peer that signs by RFC 4754",
    "Cisco IOS has no RFC 7427: iked and it sign with ECDSA, and the hash of the curve",
  ),
  GW223: refuses(
    "several identities of the gateway in tunnels with certificates, with isakmpd",
    "it finds its certificate by the first name in it, and the stack has one certificate",
  ),
  GW224: refuses(
    "certificates with isakmpd, with a peer that waits to be asked for its own",
    "Cisco IOS sends it only when asked, and isakmpd asks for none when it begins",
  ),
  GW225: refuses(
    "certificates of other keys than RSA, with isakmpd",
    "isakmpd knows RSA alone, and frees a certificate of another key twice, which may end it",
  ),
  GW230: refuses(
    "a tunnel whose networks begin with the same addresses as a nearer one's that lie in them",
    "the kernel finds a flow by its first addresses, and cannot take the wider one away (pfkeyv2.c)",
  ),
  GW231: refuses(
    "traffic of a tunnel whose networks hold a nearer one's",
    "the kernel may take a flow of a protocol for nearer than one of a longer prefix (radix.c)",
  ),
  GW232: refuses(
    "translation of a tunnel whose networks hold a nearer one's",
    "pf translates by the addresses, so also what leaves through the nearer tunnel",
  ),
  GW233: refuses(
    "a route-based tunnel whose networks lie in those of a policy-based one",
    "flows come before routes: no packet would reach the nearer tunnel's interface",
  ),
  GW234: warns(
    "a tunnel whose networks lie in those of another one",
    "its flows go when it is down, and then the wider tunnel's hold for its packets",
  ),
  GW236: refuses(
    "nat with both an address and networks, or with neither",
    "behind one address no host can be reached, and networks are open host by host: it has to be said which",
  ),
  GW237: refuses(
    "a network to translate that is none of the tunnel's local ones, or is there twice",
    "the daemons translate a whole selector, so a part of one or another network would never be used",
  ),
  GW238: refuses(
    "a network that is to be shown as one of another size or family",
    "the host's part of the address stays (bitmask in pf.conf), so each host needs exactly one on the other side",
  ),
  GW239: refuses(
    "a network shown to a peer that overlaps a local network",
    "pf looks at a translated packet by its new addresses, and could translate it once more",
  ),
  GW240: refuses(
    "two of our networks that the same remote network would see as one",
    "pf knows an answer by its addresses alone, not by its tunnel: it could go to the other network's host",
  ),
  GW241: refuses(
    "a firewall that is configured by hand (manual) before a gateway of IPv6",
    "what is written for these devices translates IPv4; of IPv6 nothing is translated, and their filter has to let it in",
  ),
  GW242: refuses(
    "a peer or a network that no host can have, such as loopback or multicast",
    "the daemons load it without a word, and the tunnel never comes up",
  ),
  GW243: refuses(
    "a peer whose own address lies in a remote network of its tunnel of kind route or gre",
    "the route leads IKE into the interface, which drops it as long as the tunnel is not up (if_sec.c sec_send), and GRE into itself",
  ),
  GW244: warns(
    "a peer whose own address lies in a remote network of another tunnel",
    "the other tunnel's flow or route takes IKE and ESP with this peer: only packets to its own peer pass it by (ip_spd.c)",
  ),
  GW245: warns(
    "a probe to the network's own or the broadcast address of a remote network",
    "hosts do not answer pings there (RFC 1122 3.2.2.6), and the watchdog resets what does not answer",
  ),
  GW246: refuses(
    "a remote identity that begins with another's, both with public keys or certificates and isakmpd",
    "isakmpd compares as much of an identity as it expects, and takes the key of the one that was sent (ike_phase_1.c): the peer could stand in for the other",
  ),
  GW250: refuses(
    "a group of policy-based tunnels",
    "the kernel's flows to the same networks have no order that the gateway could change; routes have",
  ),
  GW251: refuses("a group of one tunnel", "there is no other one that could take over"),
  GW252: refuses(
    "two tunnels of a group with the same priority",
    "the routes of the two would be the same one, and the last would silently win",
  ),
  GW253: refuses(
    "other networks in one tunnel of a group than in the others",
    "what one of them carries would reach nothing while another one carries it",
  ),
  GW254: refuses(
    "a tunnel of a group whose probe is not between the two ends of its interface",
    "all tunnels of the group lead to the other addresses, so only such a probe proves this one",
  ),
  GW255: refuses(
    "a group whose tunnels nobody watches",
    "the watchdog moves the routes; without it a silent tunnel would keep them",
  ),
  GW260: refuses(
    "exceptions of a tunnel that is not for every address, or that are everything or IPv6",
    "other tunnels take their own networks only, and what is in none of them is no part of a tunnel anyway",
  ),
  GW261: refuses(
    "an exception that lies in another tunnel's network or begins with its first address, or that holds the probe's target",
    "the kernel would send in clear what another tunnel is for, or could not take the exception away again: it looks a flow up by its first addresses (SADB_X_DELFLOW)",
  ),
  GW262: refuses(
    "two tunnels for every address",
    "pf knows the exceptions by their addresses, so those of one tunnel would hold for the other one too",
  ),
  GW263: refuses(
    "a tunnel for every address with what its exceptions cannot be told for: two arms, traffic, nat, a peer without an address, routes to every remote network",
    "the gateway's own packets, IKE with other peers among them, would enter the tunnel or be blocked, or a router would send everything back to the gateway",
  ),
  GW264: refuses(
    "a tunnel for every address without the watchdog",
    "iked removes every flow when it starts (pfkey_init in pfkey.c), and at boot the watchdog alone loads the exceptions again",
  ),
  GW265: refuses(
    "a tunnel of kind gre while a NAT stands between the gateway and its peers",
    "transport mode protects the two addresses that stand in the packets, and neither daemon replaces the one that a NAT changes (RFC 7296 2.23.1): the ends would not agree on what is protected",
  ),
  GW266: refuses(
    "a tunnel of kind gre to any address, to a name or to an IPv6 address",
    "the interface is set up between two addresses (gre(4)), and the daemons' flow is for exactly these; GRE in IPv6 is not offered",
  ),
  GW267: refuses(
    "two tunnels of kind gre to one peer",
    "what is negotiated is GRE between the two addresses, so the kernel could not tell their packets apart",
  ),
  GW270: refuses(
    "certificates without an authority, or with the stack's beside another one",
    "the stack's authority signs all certificates of its gateway: what stands beside it would be believed too, or be nobody's",
  ),
  GW271: refuses(
    "a network that the stack's authority is to sign for, in another spelling than ADDRESS/PREFIX",
    "it becomes a name constraint, an address and a mask: what is no network would allow nothing, or something else",
  ),
  GW272: refuses(
    "an identity that the stack's authority cannot sign for",
    "who looks at a certificate with a name outside of its authority's name constraints refuses it",
  ),
  GW273: refuses(
    "a tunnel without the peer's request for a certificate, with the stack's authority; or one that nobody signs",
    "nobody else can sign the peer's certificate, and without one the tunnel never comes up",
  ),
  GW274: refuses(
    "a peer's request for a certificate that cannot be read or used, or is not signed with its own key",
    "the daemons believe RSA and ECDSA keys alone; and who has not the key of a request must not get a certificate of it",
  ),
  GW275: refuses(
    "the same key in the requests of two peers",
    "two ends with one key can pretend to be each other, and revoking the one revokes none of the other's names",
  ),
  GW276: refuses(
    "an authority of the stack that is named twice",
    "the daemons are handed each certificate once, and a number that is there twice is mostly meant for another one",
  ),
  GW277: refuses(
    "a certificate that is revoked from a day to come on, or twice",
    "a list from a day to come is not believed, and shuts out every peer until then",
  ),
} as const satisfies Readonly<Record<`GW${number}`, Meaning>>;

export type Code = keyof typeof CODES;
