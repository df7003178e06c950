import { NamedPeers } from "./support/namedPeers";
import { describeShell } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel, namedTunnel } from "./support/texts";

const HOST = "vpn.example.net";
const OWN = "2001:db8:10::2";
const FIRST = "2001:db8:5::21";
const SECOND = "2001:db8:5::22";
const OF_IPV4 = "198.51.100.21";
const NOBODY = "2001:db8::1";
const DAEMONS = ["iked", "isakmpd"] as const;

describeShell("gwctl with a peer that is given by name, on a gateway of IPv6", () => {
  let gateway: NamedPeers;
  beforeEach(() => {
    gateway = new NamedPeers();
    gateway.fakeFile("if.more", `vio1: flags=8843<UP>\n\tinet6 ${OWN} prefixlen 64\n`);
  });
  afterEach(() => {
    gateway.dispose();
  });

  describe.each(DAEMONS)("of %s", (daemon) => {
    const dir = daemon === "iked" ? "iked" : "ipsec";
    const named = namedTunnel(daemon, { host: HOST, ours: `inet6 ${OWN} 2001:db8:10::9` });
    const put = () => gateway.put(named, "west", daemon);
    const text = () => gateway.text("west", dir);
    const names = () => gateway.section("names");
    beforeEach(() => {
      gateway.ok("services", daemon === "iked" ? IKED_ON : ISAKMPD_ON);
      const east = daemon === "iked" ? ikedTunnel : isakmpdTunnel;
      gateway.put(east({ name: "east" }), "east", daemon);
      gateway.answers(`${FIRST} ${HOST}`);
    });

    test("has the address in each of its places", () => {
      expect(put()).toContain("west up");
      expect(text()).toContain(`# gwctl peer ${FIRST}\n`);
      expect(text()).toContain(`\tlocal ${OWN} peer ${FIRST} \\\n`);
      if (daemon === "isakmpd") {
        expect(text()).toContain(`# gwctl phase1 peer-${FIRST}-local-${OWN}\n`);
      }
      expect(text().match(new RegExp(HOST.replaceAll(".", "\\."), "g"))).toHaveLength(1);
      expect(names()).toEqual([`west ${HOST} ${FIRST}`]);
    });

    test.each([
      ["before", [OF_IPV4, FIRST]],
      ["after", [FIRST, OF_IPV4]],
    ])("takes the IPv6 address of a name that has both, the IPv4 one %s it", (_, both) => {
      gateway.answers(...both.map((address) => `${address} ${HOST}`));
      put();
      gateway.pass(3);
      expect(text()).toContain(`peer ${FIRST} `);
      expect(names()).toEqual([`west ${HOST} ${FIRST}`]);
    });

    test("moves when the answer has changed for two looks, and the other tunnel stays", () => {
      put();
      const east = gateway.text("east", dir);
      gateway.answers(`${OF_IPV4} ${HOST}`, `${SECOND} ${HOST}`);
      gateway.pass();
      expect(text()).toContain(`peer ${FIRST} `);
      gateway.calls();
      gateway.pass();
      expect(text()).toContain(`# gwctl peer ${SECOND}\n`);
      expect(text()).toContain(`\tlocal ${OWN} peer ${SECOND} \\\n`);
      expect(text()).not.toContain(FIRST);
      const calls = gateway.calls();
      expect(calls.join("\n")).toContain(`west: ${HOST} moved from ${FIRST} to ${SECOND}`);
      expect(calls).toContain(
        daemon === "iked"
          ? "ikectl reset id FQDN/west.example.net"
          : `fifo t main peer-${FIRST}-local-${OWN}`,
      );
      expect(gateway.text("east", dir)).toBe(east);
      expect(names()).toEqual([`west ${HOST} ${SECOND}`]);
    });

    test("keeps its address without an answer, and says so once", () => {
      put();
      gateway.answers();
      gateway.calls();
      gateway.pass(3);
      expect(text()).toContain(`peer ${FIRST} `);
      const why = `no name server has an address of ${HOST}: ${FIRST} stays`;
      expect(names()).toEqual([`west ${HOST} ${FIRST} ${why}`]);
      expect(gateway.calls().filter((call) => call.includes(why))).toHaveLength(1);
    });

    test("keeps its address while the name has one of IPv4 only, which is said", () => {
      put();
      gateway.answers(`${OF_IPV4} ${HOST}`);
      gateway.pass(3);
      expect(text()).toContain(`peer ${FIRST} `);
      const why = `${HOST} has IPv4 addresses only, and this gateway's is IPv6: ${FIRST} stays`;
      expect(names()).toEqual([`west ${HOST} ${FIRST} ${why}`]);
    });

    test("rests while the name never had one of IPv6, and comes up with the first", () => {
      gateway.answers(`${OF_IPV4} ${HOST}`);
      expect(put()).toContain("down until its peer's name has an address");
      expect(text()).toContain(`\tlocal ${OWN} peer ${NOBODY} \\\n`);
      expect(gateway.section("tunnels")).toContain(`west ${daemon} unresolved`);
      expect(names()).toEqual([
        `west ${HOST} - ${HOST} has IPv4 addresses only, and this gateway's is IPv6`,
      ]);
      gateway.answers(`${OF_IPV4} ${HOST}`, `${FIRST} ${HOST}`);
      gateway.pass();
      expect(gateway.section("tunnels")).toContain(`west ${daemon} up`);
      expect(text()).toContain(`peer ${FIRST} `);
    });

    test.each([
      ["its own", OWN, "this gateway's own address"],
      ["that which it is reached at", "2001:db8:10::9", "this gateway's own address"],
      ["loopback", "::1", "no host's address"],
      ["none", "::", "no host's address"],
      ["that of a link", "fe80::1", "no host's address"],
      ["that of a link with its name", "fe80::1%vio0", "no host's address"],
      ["a group's", "ff0e::101", "no host's address"],
      ["one of IPv4 within", "::ffff:198.51.100.21", "no host's address"],
      ["nobody's", NOBODY, "no host's address"],
    ])("does not take %s", (_, address, why) => {
      put();
      gateway.answers(`${address} ${HOST}`);
      gateway.pass(3);
      expect(text()).toContain(`peer ${FIRST} `);
      expect(names()[0]).toContain(`${address} is ${why}, and not taken`);
    });

    test("takes one that fits beside one that does not", () => {
      gateway.answers(`fe80::1%vio0 ${HOST}`, `${OWN} ${HOST}`, `${SECOND} ${HOST}`);
      put();
      expect(text()).toContain(`peer ${SECOND} `);
      expect(names()).toEqual([`west ${HOST} ${SECOND}`]);
    });
  });

  test("a gateway of IPv4 takes no IPv6 address, and says that there is no other", () => {
    gateway.ok("services", IKED_ON);
    gateway.put(ikedTunnel({ name: "east" }), "east");
    gateway.answers(`${FIRST} ${HOST}`);
    gateway.put(namedTunnel("iked", { host: HOST }));
    expect(gateway.section("names")).toEqual([
      `west ${HOST} - ${HOST} has IPv6 addresses only, and this gateway's is IPv4`,
    ]);
  });

  test("of isakmpd, two names with one address: the second one waits", () => {
    gateway.ok("services", ISAKMPD_ON);
    gateway.answers(`${FIRST} a.example.net`, `${FIRST} b.example.net`);
    for (const name of ["a", "b"]) {
      const host = `${name}.example.net`;
      gateway.put(namedTunnel("isakmpd", { name, host, ours: `inet6 ${OWN}` }), name, "isakmpd");
    }
    expect(gateway.section("tunnels")).toEqual(["a isakmpd up", "b isakmpd unresolved"]);
    expect(gateway.section("names")[1]).toContain(`${FIRST} is another tunnel's peer`);
  });
});
