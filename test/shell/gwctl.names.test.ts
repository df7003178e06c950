import { createHash } from "node:crypto";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel, namedTunnel } from "./support/texts";

const HOST = "vpn.example.net";
const FIRST = "198.51.100.21";
const SECOND = "198.51.100.22";
const NOBODY = "192.0.2.1";
const TARGET = "10.20.0.100";
const probe = `# gwctl probe 10.10.0.2 ${TARGET}`;

describeShell("gwctl with a peer that is given by name", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.write("etc/gwctl.watch", "interval 10\nfailures 4\nbackoff 60\ncap 3\n");
  });
  afterEach(() => {
    gateway.dispose();
  });

  const answers = (...lines: string[]) => {
    gateway.fakeFile("hosts", lines.map((line) => `${line}\n`).join(""));
  };
  const ok = (args: string, input = "") => {
    const done = gateway.run(args, { input });
    expect(done).toMatchObject({ status: 0, stderr: "" });
    return done.stdout;
  };
  const put = (text: string, name = "west", daemon = "iked") =>
    ok(`tunnel put ${daemon} ${name}`, text);
  const pass = (times = 1) => {
    for (let n = 0; n < times; n++) ok("watch once");
  };
  const section = (name: string) =>
    (
      gateway
        .run("state")
        .stdout.split(/^--- /m)
        .find((one) => one.startsWith(`${name}\n`)) ?? ""
    )
      .split("\n")
      .slice(1, -1);
  const text = (name = "west", dir = "iked") => gateway.read(`etc/${dir}/${name}.conf`) ?? "";
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
      put(namedTunnel("iked", { host: HOST, header }));
      answers(`${SECOND} ${HOST}`);
    };
    beforeEach(() => {
      ok("services", IKED_ON);
      answers(`2001:db8:5::1 ${HOST}`, `${FIRST} ${HOST}`);
      put(ikedTunnel({ name: "east" }), "east");
    });

    test("has the address of the gateway's family in each of its places", () => {
      expect(put(named)).toContain("west up");
      expect(text()).toContain(`# gwctl peer ${FIRST}\n`);
      expect(text()).toContain(`local 10.10.0.2 peer ${FIRST} \\\n`);
      expect(text()).toContain(`# gwctl name ${HOST} inet`);
      expect(included()).toEqual(["east", "west"]);
      expect(section("names")).toEqual([`west ${HOST} ${FIRST}`]);
    });

    test("is unchanged when it is put again, whatever the name is by then", () => {
      put(named);
      answers(`${SECOND} ${HOST}`);
      expect(put(named)).toBe("unchanged\n");
      expect(text()).toContain(`peer ${FIRST}`);
    });

    test("has the sum of what was sent among the files of the state", () => {
      put(named);
      const sum = createHash("sha256").update(named).digest("hex");
      expect(section("files")).toContain(`${sum} 0600 /etc/iked/west.conf`);
      gateway.write("etc/iked/west.conf", text().replace("3600", "3601"));
      expect(section("files").join("\n")).not.toContain(sum);
    });

    test("moves when the answer has changed for two looks, and the other keeps its SA", () => {
      moving();
      const east = pols("east");
      pass();
      expect(text()).toContain(`peer ${FIRST} `);
      expect(section("names")).toEqual([
        `west ${HOST} ${FIRST} ${HOST} is ${SECOND} now: taken when the next look says so too`,
      ]);
      gateway.calls();
      pass();
      expect(text()).toContain(`# gwctl peer ${SECOND}\n`);
      expect(text()).toContain(`local 10.10.0.2 peer ${SECOND} \\\n`);
      expect(section("names")).toEqual([`west ${HOST} ${SECOND}`]);
      pass();
      expect(section("names")).toEqual([`west ${HOST} ${SECOND}`]);
      const calls = gateway.calls();
      expect(calls).toContain("rcctl reload iked");
      expect(calls.filter((call) => call.startsWith("ikectl reset"))).toEqual([
        "ikectl reset id FQDN/west.example.net",
      ]);
      expect(calls.join("\n")).toContain(`west: ${HOST} moved from ${FIRST} to ${SECOND}`);
      expect(pols("east")).toEqual(east);
      expect(ok("drift")).not.toContain("changed /etc/iked.conf");
    });

    test("moves at once when it is silent", () => {
      moving(probe);
      gateway.fakeFile("silent", `${TARGET}\n`);
      pass(2);
      expect(text()).toContain(`peer ${SECOND} `);
    });

    test("stays while one of several answers is its address, in any order", () => {
      put(named);
      answers(`${SECOND} ${HOST}`, `${FIRST} ${HOST}`);
      pass(3);
      expect(text()).toContain(`peer ${FIRST} `);
    });

    test("takes what two looks have in common where servers turn the order", () => {
      put(named);
      answers(`${SECOND} ${HOST}`, `198.51.100.23 ${HOST}`);
      pass();
      answers(`198.51.100.23 ${HOST}`, `${SECOND} ${HOST}`);
      pass();
      expect(text()).toContain(`peer ${SECOND} `);
    });

    test("an answer that went away again is forgotten", () => {
      moving();
      pass();
      answers(`${FIRST} ${HOST}`);
      pass();
      answers(`${SECOND} ${HOST}`);
      pass();
      expect(text()).toContain(`peer ${FIRST} `);
    });

    test("keeps its address without an answer, and says so once", () => {
      put(named);
      gateway.fakeFile("hosts", "");
      gateway.calls();
      pass(3);
      expect(text()).toContain(`peer ${FIRST} `);
      expect(section("names")).toEqual([
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
      put(named);
      answers(`${address} ${HOST}`);
      pass(3);
      expect(text()).toContain(`peer ${FIRST} `);
      expect(section("names")[0]).toContain(`${address} is ${why}, and not taken`);
    });

    test("may be where another is: iked tells them apart by their identities", () => {
      put(named);
      answers(`198.51.100.12 ${HOST}`);
      pass(2);
      expect(text()).toContain("peer 198.51.100.12 ");
      expect(included()).toEqual(["east", "west"]);
    });

    test("is accepted without an answer, rests until there is one, and comes up by itself", () => {
      answers();
      expect(put(named)).toContain("down until its peer's name has an address");
      expect(included()).toEqual(["east"]);
      expect(section("tunnels")).toEqual(["east iked up", "west iked unresolved"]);
      expect(section("names")).toEqual([`west ${HOST} - no name server has an address of ${HOST}`]);
      expect(put(named)).toContain("unchanged");
      expect(gateway.run("tunnel restart west").stderr).toContain("its peer has no address");
      answers(`${FIRST} ${HOST}`);
      pass();
      expect(included()).toEqual(["east", "west"]);
      expect(section("tunnels")).toEqual(["east iked up", "west iked up"]);
      expect(text()).toContain(`peer ${FIRST} `);
    });

    test("is refused for what is wrong with it also without an answer", () => {
      answers();
      const bad = namedTunnel("iked", { host: HOST, word: "BAD" });
      const { status, stderr } = gateway.run("tunnel put iked west", { input: bad });
      expect(status).toBe(1);
      expect(stderr).toContain("/etc/iked/west.conf: refused by iked");
    });

    test("as the only tunnel it has the daemon rest until there is an answer", () => {
      ok("tunnel remove east");
      answers();
      put(named);
      expect(gateway.fakeExists("running.iked")).toBe(false);
      answers(`${FIRST} ${HOST}`);
      pass();
      expect(gateway.fakeExists("running.iked")).toBe(true);
    });

    test("another name is another peer, at once", () => {
      put(named);
      answers(`${SECOND} other.example.net`);
      put(namedTunnel("iked", { host: "other.example.net" }));
      expect(text()).toContain(`peer ${SECOND} `);
      put(ikedTunnel({}));
      expect(section("names")).toEqual([]);
      expect(text()).toContain("peer 198.51.100.11 ");
    });

    test("taken down by hand it stays down, and is looked up when it is raised", () => {
      answers();
      put(named);
      ok("tunnel down west");
      answers(`${FIRST} ${HOST}`);
      pass(2);
      expect(section("tunnels")).toContain("west iked down");
      ok("tunnel up west");
      expect(section("tunnels")).toContain("west iked up");
      expect(text()).toContain(`peer ${FIRST} `);
    });

    test("disabled it is not looked up", () => {
      ok("tunnel put iked west disabled", named);
      gateway.calls();
      pass(2);
      expect(gateway.calls().filter((call) => call.startsWith("getent"))).toEqual([]);
    });

    test("an activation that fails leaves the address of before", () => {
      moving();
      gateway.fakeFile("fail", "^rcctl reload\n");
      pass(2);
      gateway.fakeFile("fail", "^$\n");
      expect(text()).toContain(`peer ${FIRST} `);
      expect(section("names")[0]).toContain(`${HOST} is ${SECOND} now, which failed`);
      pass(2);
      expect(text()).toContain(`peer ${SECOND} `);
    });

    test("several are looked up and put together", async () => {
      answers(`${FIRST} a.example.net`, `${SECOND} b.example.net`);
      const done = await Promise.all(
        ["a", "b", "c"].map(
          (name) =>
            gateway.start(`tunnel put iked ${name}`, {
              input: namedTunnel("iked", { name, host: `${name}.example.net` }),
            }).done,
        ),
      );
      expect(done.map(({ status }) => status)).toEqual([0, 0, 0]);
      expect(section("tunnels")).toEqual([
        "a iked up",
        "b iked up",
        "c iked unresolved",
        "east iked up",
      ]);
      expect(text("b")).toContain(`peer ${SECOND} `);
    });

    test("without such a tunnel nobody is asked", () => {
      gateway.calls();
      pass();
      expect(gateway.calls().filter((call) => call.startsWith("getent"))).toEqual([]);
    });

    test("killed at any point of a move, the next looks end it", () => {
      put(named);
      let killed = true;
      for (let killAt = 1; killed; killAt++) {
        answers(`${FIRST} ${HOST}`);
        pass(2);
        gateway.fakeFile("sas", `iked_sas: 0x1 a->b<FQDN/west.example.net>[] ESTABLISHED pol 0\n`);
        answers(`${SECOND} ${HOST}`);
        pass();
        killed = gateway.run("watch once", { killAt }).status === null;
        pass(2);
        expect({ killAt, text: text() }).toMatchObject({
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
      ok("services", ISAKMPD_ON);
      answers(`${FIRST} ${HOST}`);
      put(isakmpdTunnel({ name: "east" }), "east", "isakmpd");
      put(named, "west", "isakmpd");
    });

    test("ends the phase 1 with the old address by its name", () => {
      expect(text("west", "ipsec")).toContain(`# gwctl phase1 peer-${FIRST}-local-10.10.0.2`);
      answers(`${SECOND} ${HOST}`);
      gateway.calls();
      pass(2);
      expect(text("west", "ipsec")).toContain(`# gwctl phase1 peer-${SECOND}-local-10.10.0.2`);
      const told = gateway.calls().filter((call) => call.startsWith("fifo"));
      expect(told).toContain(`fifo t main peer-${FIRST}-local-10.10.0.2`);
      expect(told.join("\n")).not.toContain("198.51.100.12");
    });

    test("does not take another tunnel's peer, as isakmpd knows peers by their addresses", () => {
      answers(`198.51.100.12 ${HOST}`);
      pass(3);
      expect(text("west", "ipsec")).toContain(`peer ${FIRST} `);
      expect(section("names")[0]).toContain("198.51.100.12 is another tunnel's peer");
    });

    test("of two names with one address, the second one waits", async () => {
      answers(`${SECOND} a.example.net`, `${SECOND} b.example.net`);
      await Promise.all(
        ["a", "b"].map(
          (name) =>
            gateway.start(`tunnel put isakmpd ${name}`, {
              input: namedTunnel("isakmpd", { name, host: `${name}.example.net` }),
            }).done,
        ),
      );
      const states = section("tunnels").filter((line) => /^[ab] /.test(line));
      expect(states.map((line) => line.slice(2)).sort()).toEqual([
        "isakmpd unresolved",
        "isakmpd up",
      ]);
    });
  });
});
