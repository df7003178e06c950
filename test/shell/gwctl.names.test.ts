import { createHash } from "node:crypto";
import { NamedPeers } from "./support/namedPeers";
import { describeShell } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel, namedTunnel } from "./support/texts";

const HOST = "vpn.example.net";
const FIRST = "198.51.100.21";
const SECOND = "198.51.100.22";
const NOBODY = "192.0.2.1";
const TARGET = "10.20.0.100";
const probe = `# gwctl probe 10.10.0.2 ${TARGET}`;

describeShell("gwctl with a peer that is given by name", () => {
  let gateway: NamedPeers;
  beforeEach(() => {
    gateway = new NamedPeers();
  });
  afterEach(() => {
    gateway.dispose();
  });

  const included = () =>
    [...(gateway.read("etc/iked.conf") ?? "").matchAll(/^include ".*\/(.*)\.conf"$/gm)].map(
      ([, name]) => name,
    );
  const pols = (id: string) =>
    gateway
      .fakeRead("sas")
      .split("\n")
      .filter((line) => line.includes(`<FQDN/${id}.example.net>`));

  describe("of iked", () => {
    const named = namedTunnel("iked", { host: HOST });
    const moving = (...header: string[]) => {
      gateway.put(namedTunnel("iked", { host: HOST, header }));
      gateway.answers(`${SECOND} ${HOST}`);
    };
    beforeEach(() => {
      gateway.ok("services", IKED_ON);
      gateway.answers(`2001:db8:5::1 ${HOST}`, `${FIRST} ${HOST}`);
      gateway.put(ikedTunnel({ name: "east" }), "east");
    });

    test("has the address of the gateway's family in each of its places", () => {
      expect(gateway.put(named)).toContain("west up");
      expect(gateway.text()).toContain(`# gwctl peer ${FIRST}\n`);
      expect(gateway.text()).toContain(`local 10.10.0.2 peer ${FIRST} \\\n`);
      expect(gateway.text()).toContain(`# gwctl name ${HOST} inet`);
      expect(included()).toEqual(["east", "west"]);
      expect(gateway.section("names")).toEqual([`west ${HOST} ${FIRST}`]);
    });

    test("is unchanged when it is put again, whatever the name is by then", () => {
      gateway.put(named);
      gateway.answers(`${SECOND} ${HOST}`);
      expect(gateway.put(named)).toBe("unchanged\n");
      expect(gateway.text()).toContain(`peer ${FIRST}`);
    });

    test("has the sum of what was sent among the files of the state", () => {
      gateway.put(named);
      const sum = createHash("sha256").update(named).digest("hex");
      expect(gateway.section("files")).toContain(`${sum} 0600 /etc/iked/west.conf`);
      gateway.write("etc/iked/west.conf", gateway.text().replace("3600", "3601"));
      expect(gateway.section("files").join("\n")).not.toContain(sum);
    });

    test("moves when the answer has changed for two looks, and the other keeps its SA", () => {
      moving();
      const east = pols("east");
      gateway.pass();
      expect(gateway.text()).toContain(`peer ${FIRST} `);
      expect(gateway.section("names")).toEqual([
        `west ${HOST} ${FIRST} ${HOST} is ${SECOND} now: taken when the next look says so too`,
      ]);
      gateway.calls();
      gateway.pass();
      expect(gateway.text()).toContain(`# gwctl peer ${SECOND}\n`);
      expect(gateway.text()).toContain(`local 10.10.0.2 peer ${SECOND} \\\n`);
      expect(gateway.section("names")).toEqual([`west ${HOST} ${SECOND}`]);
      gateway.pass();
      expect(gateway.section("names")).toEqual([`west ${HOST} ${SECOND}`]);
      const calls = gateway.calls();
      expect(calls).toContain("rcctl reload iked");
      expect(calls.filter((call) => call.startsWith("ikectl reset"))).toEqual([
        "ikectl reset id FQDN/west.example.net",
      ]);
      expect(calls.join("\n")).toContain(`west: ${HOST} moved from ${FIRST} to ${SECOND}`);
      expect(pols("east")).toEqual(east);
      expect(gateway.ok("drift")).not.toContain("changed /etc/iked.conf");
    });

    test("moves at once when it is silent", () => {
      moving(probe);
      gateway.fakeFile("silent", `${TARGET}\n`);
      gateway.pass(2);
      expect(gateway.text()).toContain(`peer ${SECOND} `);
    });

    test("stays while one of several answers is its address, in any order", () => {
      gateway.put(named);
      gateway.answers(`${SECOND} ${HOST}`, `${FIRST} ${HOST}`);
      gateway.pass(3);
      expect(gateway.text()).toContain(`peer ${FIRST} `);
    });

    test("takes what two looks have in common where servers turn the order", () => {
      gateway.put(named);
      gateway.answers(`${SECOND} ${HOST}`, `198.51.100.23 ${HOST}`);
      gateway.pass();
      gateway.answers(`198.51.100.23 ${HOST}`, `${SECOND} ${HOST}`);
      gateway.pass();
      expect(gateway.text()).toContain(`peer ${SECOND} `);
    });

    test("an answer that went away again is forgotten", () => {
      moving();
      gateway.pass();
      gateway.answers(`${FIRST} ${HOST}`);
      gateway.pass();
      gateway.answers(`${SECOND} ${HOST}`);
      gateway.pass();
      expect(gateway.text()).toContain(`peer ${FIRST} `);
    });

    test("keeps its address without an answer, and says so once", () => {
      gateway.put(named);
      gateway.fakeFile("hosts", "");
      gateway.calls();
      gateway.pass(3);
      expect(gateway.text()).toContain(`peer ${FIRST} `);
      expect(gateway.section("names")).toEqual([
        `west ${HOST} ${FIRST} no name server has an address of ${HOST}: ${FIRST} stays`,
      ]);
      expect(gateway.calls().filter((call) => call.includes("no name server"))).toHaveLength(1);
    });

    test.each([
      ["its own", "10.10.0.2", "this gateway's own address"],
      ["that of its NAT", "198.51.100.1", "this gateway's own address"],
      ["loopback", "127.0.0.1", "no host's address"],
      ["a group's", "239.1.1.1", "no host's address"],
      ["nobody's", NOBODY, "no host's address"],
    ])("does not take %s", (_, address, why) => {
      gateway.put(named);
      gateway.answers(`${address} ${HOST}`);
      gateway.pass(3);
      expect(gateway.text()).toContain(`peer ${FIRST} `);
      expect(gateway.section("names")[0]).toContain(`${address} is ${why}, and not taken`);
    });

    test("may be where another is: iked tells them apart by their identities", () => {
      gateway.put(named);
      gateway.answers(`198.51.100.12 ${HOST}`);
      gateway.pass(2);
      expect(gateway.text()).toContain("peer 198.51.100.12 ");
      expect(included()).toEqual(["east", "west"]);
    });

    test("is accepted without an answer, rests until there is one, and comes up by itself", () => {
      gateway.answers();
      expect(gateway.put(named)).toContain("down until its peer's name has an address");
      expect(included()).toEqual(["east"]);
      expect(gateway.section("tunnels")).toEqual(["east iked up", "west iked unresolved"]);
      expect(gateway.section("names")).toEqual([
        `west ${HOST} - no name server has an address of ${HOST}`,
      ]);
      expect(gateway.put(named)).toContain("unchanged");
      expect(gateway.run("tunnel restart west").stderr).toContain("its peer has no address");
      gateway.answers(`${FIRST} ${HOST}`);
      gateway.pass();
      expect(included()).toEqual(["east", "west"]);
      expect(gateway.section("tunnels")).toEqual(["east iked up", "west iked up"]);
      expect(gateway.text()).toContain(`peer ${FIRST} `);
    });

    test("is refused for what is wrong with it also without an answer", () => {
      gateway.answers();
      const bad = namedTunnel("iked", { host: HOST, word: "BAD" });
      const { status, stderr } = gateway.run("tunnel put iked west", { input: bad });
      expect(status).toBe(1);
      expect(stderr).toContain("/etc/iked/west.conf: refused by iked");
    });

    test("as the only tunnel it has the daemon rest until there is an answer", () => {
      gateway.ok("tunnel remove east");
      gateway.answers();
      gateway.put(named);
      expect(gateway.fakeExists("running.iked")).toBe(false);
      gateway.answers(`${FIRST} ${HOST}`);
      gateway.pass();
      expect(gateway.fakeExists("running.iked")).toBe(true);
    });

    test("another name is another peer, at once", () => {
      gateway.put(named);
      gateway.answers(`${SECOND} other.example.net`);
      gateway.put(namedTunnel("iked", { host: "other.example.net" }));
      expect(gateway.text()).toContain(`peer ${SECOND} `);
      gateway.put(ikedTunnel({}));
      expect(gateway.section("names")).toEqual([]);
      expect(gateway.text()).toContain("peer 198.51.100.11 ");
    });

    test("taken down by hand it stays down, and is looked up when it is raised", () => {
      gateway.answers();
      gateway.put(named);
      gateway.ok("tunnel down west");
      gateway.answers(`${FIRST} ${HOST}`);
      gateway.pass(2);
      expect(gateway.section("tunnels")).toContain("west iked down");
      gateway.ok("tunnel up west");
      expect(gateway.section("tunnels")).toContain("west iked up");
      expect(gateway.text()).toContain(`peer ${FIRST} `);
    });

    test("disabled it is not looked up", () => {
      gateway.ok("tunnel put iked west disabled", named);
      gateway.calls();
      gateway.pass(2);
      expect(gateway.calls().filter((call) => call.startsWith("getent"))).toEqual([]);
    });

    test("an activation that fails leaves the address of before", () => {
      moving();
      gateway.fakeFile("fail", "^rcctl reload\n");
      gateway.pass(2);
      gateway.fakeFile("fail", "^$\n");
      expect(gateway.text()).toContain(`peer ${FIRST} `);
      expect(gateway.section("names")[0]).toContain(`${HOST} is ${SECOND} now, which failed`);
      gateway.pass(2);
      expect(gateway.text()).toContain(`peer ${SECOND} `);
    });

    test("several are looked up and put together", async () => {
      gateway.answers(`${FIRST} a.example.net`, `${SECOND} b.example.net`);
      const done = await Promise.all(
        ["a", "b", "c"].map(
          (name) =>
            gateway.start(`tunnel put iked ${name}`, {
              input: namedTunnel("iked", { name, host: `${name}.example.net` }),
            }).done,
        ),
      );
      expect(done.map(({ status }) => status)).toEqual([0, 0, 0]);
      expect(gateway.section("tunnels")).toEqual([
        "a iked up",
        "b iked up",
        "c iked unresolved",
        "east iked up",
      ]);
      expect(gateway.text("b")).toContain(`peer ${SECOND} `);
    });

    test("without such a tunnel nobody is asked", () => {
      gateway.calls();
      gateway.pass();
      expect(gateway.calls().filter((call) => call.startsWith("getent"))).toEqual([]);
    });

    test("killed at any point of a move, the next looks end it", () => {
      gateway.put(named);
      let killed = true;
      for (let killAt = 1; killed; killAt++) {
        gateway.answers(`${FIRST} ${HOST}`);
        gateway.pass(2);
        gateway.fakeFile("sas", `iked_sas: 0x1 a->b<FQDN/west.example.net>[] ESTABLISHED pol 0\n`);
        gateway.answers(`${SECOND} ${HOST}`);
        gateway.pass();
        killed = gateway.run("watch once", { killAt }).status === null;
        gateway.pass(2);
        expect({ killAt, text: gateway.text() }).toMatchObject({
          text: expect.stringContaining(`peer ${SECOND} `) as string,
        });
        expect(pols("west").join("\n")).not.toContain("pol 0");
        expect(gateway.list("var/db/gwctl/pending")).toEqual([]);
        expect(killAt).toBeLessThan(100);
        if (!killed) expect(killAt).toBeGreaterThan(5);
      }
    }, 600_000);
  });

  describe("of isakmpd", () => {
    const named = namedTunnel("isakmpd", { host: HOST });
    beforeEach(() => {
      gateway.ok("services", ISAKMPD_ON);
      gateway.answers(`${FIRST} ${HOST}`);
      gateway.put(isakmpdTunnel({ name: "east" }), "east", "isakmpd");
      gateway.put(named, "west", "isakmpd");
    });

    test("ends the phase 1 with the old address by its name", () => {
      expect(gateway.text("west", "ipsec")).toContain(
        `# gwctl phase1 peer-${FIRST}-local-10.10.0.2`,
      );
      gateway.answers(`${SECOND} ${HOST}`);
      gateway.calls();
      gateway.pass(2);
      expect(gateway.text("west", "ipsec")).toContain(
        `# gwctl phase1 peer-${SECOND}-local-10.10.0.2`,
      );
      const told = gateway.calls().filter((call) => call.startsWith("fifo"));
      expect(told).toContain(`fifo t main peer-${FIRST}-local-10.10.0.2`);
      expect(told.join("\n")).not.toContain("198.51.100.12");
    });

    test("does not take another tunnel's peer, as isakmpd knows peers by their addresses", () => {
      gateway.answers(`198.51.100.12 ${HOST}`);
      gateway.pass(3);
      expect(gateway.text("west", "ipsec")).toContain(`peer ${FIRST} `);
      expect(gateway.section("names")[0]).toContain("198.51.100.12 is another tunnel's peer");
    });

    test("of two names with one address, the second one waits", async () => {
      gateway.answers(`${SECOND} a.example.net`, `${SECOND} b.example.net`);
      await Promise.all(
        ["a", "b"].map(
          (name) =>
            gateway.start(`tunnel put isakmpd ${name}`, {
              input: namedTunnel("isakmpd", { name, host: `${name}.example.net` }),
            }).done,
        ),
      );
      const states = gateway.section("tunnels").filter((line) => /^[ab] /.test(line));
      expect(states.map((line) => line.slice(2)).sort()).toEqual([
        "isakmpd unresolved",
        "isakmpd up",
      ]);
    });
  });
});
