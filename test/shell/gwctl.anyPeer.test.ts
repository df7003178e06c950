import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

const ANYWHERE = "203.0.113.77";
const ROAD = "10.20.9.100";
const probe = `# gwctl probe 10.10.0.2 ${ROAD}`;
const road = (name: string, lifetime = 3600) =>
  ikedTunnel({ name, peer: "any", lifetime, psk: `${name}Secret4kT8vB1c`, header: [probe] });

const ikeSa = (id: string, peer = ANYWHERE, state = "ESTABLISHED") =>
  `iked_sas: 0x1 rspi 0x7e38bd3e08bf4d89 ispi 0xfb7fc48ec589ab9c 10.10.0.2:4500->${peer}:61234<FQDN/${id}.example.net>[] ${state} r natt udpencap nexti 0x0 pol 0x2`;

const counters = (peer: string, packets: number) =>
  [
    `@0 esp tunnel from 10.10.0.2 to ${peer} spi 0x01 auth hmac-sha2-256 enc aes`,
    "\tcounter:\n\t\t0 input packets",
    `@1 esp tunnel from ${peer} to 10.10.0.2 spi 0x02 auth hmac-sha2-256 enc aes`,
    `\tcounter:\n\t\t${packets} input packets`,
  ].join("\n");

describeShell("gwctl with a peer that may have any address", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.write("etc/gwctl.watch", "interval 10\nfailures 2\nbackoff 60\ncap 3\n");
    gateway.run("services", { input: IKED_ON });
  });
  afterEach(() => {
    gateway.dispose();
  });
  const put = (name: string, text: string) =>
    gateway.run(`tunnel put iked ${name}`, { input: text });
  const included = () =>
    [...(gateway.read("etc/iked.conf") ?? "").matchAll(/^include ".*\/(.*)\.conf"$/gm)].map(
      ([, name]) => name,
    );
  const resets = () => gateway.calls().filter((call) => /^ikectl (reset|active)/.test(call));
  const pass = (times: number) => {
    for (let n = 0; n < times; n++) expect(gateway.run("watch once").status).toBe(0);
  };

  test("its policy comes before those of peers with an address, which iked would else take it for", () => {
    put("west", ikedTunnel({}));
    put("road", road("road"));
    put("zebra", road("zebra"));
    put("east", ikedTunnel({ name: "east" }));
    expect(included()).toEqual(["road", "zebra", "east", "west"]);
  });

  test("the order follows a peer that gets an address, and one that loses it", () => {
    put("east", ikedTunnel({ name: "east" }));
    put("west", road("west"));
    expect(included()).toEqual(["west", "east"]);
    put("west", ikedTunnel({}));
    expect(included()).toEqual(["east", "west"]);
    put("west", road("west"));
    expect(included()).toEqual(["west", "east"]);
    gateway.run("tunnel down west");
    expect(included()).toEqual(["east"]);
    gateway.run("tunnel up west");
    expect(included()).toEqual(["west", "east"]);
    expect(gateway.run("drift").stdout).not.toContain("changed /etc/iked.conf");
  });

  test("a refused activation brings back the order of before", () => {
    put("east", ikedTunnel({ name: "east" }));
    put("west", ikedTunnel({}));
    const text = ikedTunnel({ name: "west", peer: "any", word: "UNLOADABLE" });
    expect(put("west", text).status).toBe(2);
    expect(included()).toEqual(["east", "west"]);
  });

  test("without such a peer the main file is what it was", () => {
    put("west", ikedTunnel({}));
    put("east", ikedTunnel({ name: "east" }));
    expect(included()).toEqual(["east", "west"]);
  });

  describe("the watchdog", () => {
    beforeEach(() => {
      put("road", road("road"));
      gateway.fakeFile("silent", `${ROAD}\n`);
      gateway.fakeFile("sas", ikeSa("road"));
      gateway.fakeFile("sa", counters(ANYWHERE, 5));
      gateway.calls();
    });

    test("ends the silent one's SA, by its identity", () => {
      pass(2);
      expect(resets()).toEqual(["ikectl reset id FQDN/road.example.net", "ikectl active"]);
    });

    test("leaves it alone while packets arrive from where it is now", () => {
      pass(1);
      gateway.fakeFile("sa", counters(ANYWHERE, 9));
      pass(1);
      expect(resets()).toEqual([]);
      expect(gateway.run("state").stdout).toContain("packets arrive: not reset");
    });

    test("does not take another's packets behind the same NAT for its own", () => {
      gateway.fakeFile("sas", [ikeSa("road"), ikeSa("zebra")].join("\n"));
      pass(1);
      gateway.fakeFile("sa", counters(ANYWHERE, 9));
      pass(1);
      expect(resets()).toHaveLength(2);
    });

    test("has nothing to reset where the peer is not there", () => {
      gateway.fakeFile("sas", ikeSa("zebra"));
      pass(4);
      expect(resets()).toEqual([]);
      expect(gateway.run("state").stdout).toContain("no SA: the peer has to begin");
    });
  });

  test("killing it leaves the half-open SAs of strangers to iked", () => {
    put("road", road("road"));
    gateway.fakeFile("sas", ikeSa("", ANYWHERE, "SA_INIT"));
    gateway.calls();
    expect(gateway.run("tunnel kill road").stdout).toContain("no SA");
    expect(gateway.calls().filter((call) => call.startsWith("rcctl reload"))).toEqual([]);
  });
});
