import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

const SEC = [
  "inet 169.254.10.2/30",
  "dest 169.254.10.1",
  "mtu 1400",
  "up",
  "!route -qn add -inet 10.20.1.0/24 169.254.10.1",
  "",
].join("\n");
/** What ifconfig prints of it, recorded on OpenBSD. */
const IS = [
  "sec3: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1400",
  "\tindex 8 priority 0 llprio 3",
  "\tgroups: sec",
  "\tinet 169.254.10.2 --> 169.254.10.1 netmask 0xfffffffc",
  "",
].join("\n");

describeShell("gwctl interface", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    // netstart ends with 0 whatever came of it.
    gateway.write(
      "etc/netstart",
      'echo "netstart $1" >>"$FAKE/calls"; cp "$FAKE/after" "$FAKE/if.$1"\n',
    );
    gateway.fakeFile("after", IS);
    gateway.fakeFile("routes", "10.20.1.0/24 sec3\n");
  });
  afterEach(() => {
    gateway.dispose();
  });
  const put = (text: string) => {
    gateway.write("etc/hostname.sec3", text, 0o640);
    return gateway.run("interface sec3");
  };
  const acts = () =>
    gateway
      .calls()
      .filter((call) => /^(rcctl re|netstart|route.* delete|ifconfig \S+ )/.test(call));

  test("is silent where the interface has what its file gives it", () => {
    expect(put(SEC)).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(acts()).toEqual(["netstart sec3"]);
  });

  test.each([
    ["no address", (is: string) => is.replace(/\tinet.*\n/, ""), "inet 169.254.10.2/30 dest"],
    [
      "another peer's address",
      (is: string) => is.replace("--> 169.254.10.1 ", "--> 169.254.10.9 "),
      "dest 169.254.10.1",
    ],
    ["another MTU", (is: string) => is.replace("mtu 1400", "mtu 1280"), "mtu 1400"],
    [
      "an address that only begins alike",
      (is: string) => is.replace("169.254.10.2 ", "169.254.10.23 "),
      "inet 169.254.10.2/30",
    ],
    ["it is down", (is: string) => is.replace("<UP,", "<"), "up"],
  ])("fails loudly: %s", (_, change, lacks) => {
    gateway.fakeFile("after", change(IS));
    expect(put(SEC)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        `sec3 has not got what /etc/hostname.sec3 gives it: ${lacks}`,
      ) as string,
    });
  });

  test.each([
    ["", 0],
    ["198.51.100.1", 1],
    ["198.51.100.119", 1],
  ])("GRE that leads to %j in place of the peer has status %i", (other, status) => {
    const file = `tunnel 192.0.2.1 198.51.100.11\n${SEC}`.replaceAll("sec3", "gre3");
    const ends = `\ttunnel: inet 192.0.2.1 --> ${other || "198.51.100.11"} ttl 64 nodf ecn\n`;
    gateway.fakeFile("after", IS.replaceAll("sec", "gre").replace("\tinet", `${ends}\tinet`));
    gateway.fakeFile("routes", "10.20.1.0/24 gre3\n");
    gateway.write("etc/hostname.gre3", file, 0o640);
    const said = gateway.run("interface gre3");
    expect(said.status).toBe(status);
    expect(said.stderr).toMatch(
      status === 0 ? /^$/ : /gives it: tunnel 192\.0\.2\.1 198\.51\.100\.11/,
    );
  });

  test("takes a route that leads nowhere for that of whoever gave it", () => {
    gateway.fakeFile("routes", "default lo0 ::1\n");
    gateway.fakeFile("after", "enc0: flags=41<UP,RUNNING>\n");
    gateway.write(
      "etc/hostname.enc0",
      "up\n!route -qn add -priority 62 -inet6 default ::1 -reject\n",
      0o640,
    );
    expect(gateway.run("interface enc0")).toEqual({ status: 0, stdout: "", stderr: "" });
    gateway.fakeFile("routes", "");
    expect(gateway.run("interface enc0")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        "enc0 has not got what /etc/hostname.enc0 gives it: !route",
      ) as string,
    });
  });

  test("fails loudly: a route that leads elsewhere", () => {
    gateway.fakeFile("routes", "10.20.1.0/24 vio0\n");
    expect(put(SEC)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("10.20.1.0/24") as string,
    });
  });

  test("fails loudly: no IPv6 address but the link's own", () => {
    const file = "inet6 fd00:10::2 64\nmtu 1400\nup\n";
    const six = (address: string) => {
      gateway.fakeFile("after", IS.replace(/\tinet.*\n/, `\tinet6 ${address} prefixlen 64\n`));
    };
    six("fe80::1%sec3 -->");
    expect(put(file).status).toBe(1);
    six("fd00:10::2");
    expect(put(file).status).toBe(0);
  });

  test("is changed in place: what is not wanted any more goes, and the daemon is left alone", () => {
    gateway.run("services", { input: IKED_ON });
    gateway.run("tunnel put iked west", { input: ikedTunnel({ word: "iface sec3" }) });
    gateway.fakeFile("if.sec3", IS);
    gateway.write(
      "etc/hostname.sec3.prev",
      SEC.replace("up\n", "up\n!route -qn add -inet 10.20.9.0/24 169.254.10.1\n"),
    );
    acts();
    expect(put(SEC).status).toBe(0);
    expect(acts()).toEqual(["route -qn delete -inet 10.20.9.0/24 169.254.10.1", "netstart sec3"]);
    gateway.write("etc/hostname.sec3.prev", SEC.replace("169.254.10.2/30", "169.254.10.6/30"));
    expect(put(SEC).status).toBe(0);
    expect(acts()).toEqual(["ifconfig sec3 inet 169.254.10.6 delete", "netstart sec3"]);
  });

  test("one that was made anew has another index: iked reads its rules again", () => {
    gateway.run("services", { input: IKED_ON });
    gateway.run("tunnel put iked west", { input: ikedTunnel({ word: "iface sec3" }) });
    acts();
    expect(put(SEC).status).toBe(0);
    expect(acts()).toEqual(["netstart sec3", "rcctl reload iked"]);
    gateway.fakeFile("if.sec3", undefined);
    gateway.run("tunnel put iked west", { input: ikedTunnel({ word: "iface sec33" }) });
    acts();
    expect(put(SEC).status).toBe(0);
    expect(acts()).toEqual(["netstart sec3"]);
  });

  test("takes part in put, which goes back to the text before when it fails", () => {
    const write = (text: string) =>
      gateway.run(
        `put /etc/hostname.sec3 0640 root --activate '${gateway.gwctl()} interface sec3'`,
        { input: text },
      );
    expect(write(SEC)).toMatchObject({ status: 0, stderr: "" });
    expect(write(SEC.replace("1400", "1300"))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(
        "sec3 has not got what /etc/hostname.sec3 gives it: mtu 1300",
      ) as string,
    });
    expect(gateway.read("etc/hostname.sec3")).toBe(SEC);
  });

  test.each(["", "../pf.conf", "sec", "-a"])("refuses the name %j", (name) => {
    expect(gateway.run(`interface '${name}'`).status).toBe(64);
  });
});
