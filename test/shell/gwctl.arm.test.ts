import { describeShell, Scratch } from "./support/scratch";

/** What ifconfig prints of it, as recorded on OpenBSD. */
const is = (...addresses: string[]) =>
  [
    "vio1: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500",
    "\tlladdr 52:54:00:0a:0a:03",
    ...addresses.map((one) => `\tinet ${one} broadcast 10.30.0.255`),
    "",
  ].join("\n");
const FIRST = "10.30.0.1 netmask 0xffffff00";
const ALIAS = "10.30.0.9 netmask 0xffffffff";
const file = (...lines: string[]) => ["inet 10.30.0.1 0xffffff00", ...lines, ""].join("\n");

describeShell("gwctl arm", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.write(
      "etc/netstart",
      'echo "netstart $1" >>"$FAKE/calls"; cp "$FAKE/after" "$FAKE/if.$1"\n' +
        '[ ! -e "$FAKE/routes.after" ] || cp "$FAKE/routes.after" "$FAKE/routes"\n',
    );
    gateway.fakeFile("if.vio1", is());
    gateway.fakeFile("after", is(FIRST));
    gateway.fakeFile("routes", "10.10.0.254 vio0\n");
  });
  afterEach(() => {
    gateway.dispose();
  });
  const acts = () =>
    gateway.calls().filter((call) => /^(netstart|ifconfig \S+ |route -qn)/.test(call));
  /** The stack's own connection, to the address that the gateway has there. */
  const put = (text: string, to = "10.10.0.2") =>
    gateway.run(`put /etc/hostname.vio1 0640 root --activate '${gateway.gwctl()} arm vio1'`, {
      input: text,
      env: { SSH_CONNECTION: `10.10.0.254 40000 ${to} 22` },
    });

  test("starts an interface, and sets nothing anew that is there", () => {
    expect(put(file())).toMatchObject({ status: 0, stderr: "" });
    expect(acts()).toEqual(["netstart vio1"]);
    gateway.write("etc/hostname.vio1", `# by hand\n${file()}`, 0o640);
    acts();
    expect(put(file())).toMatchObject({ status: 0, stderr: "" });
    expect(acts()).toEqual([]);
  });

  test("adds and removes a further address without touching the first", () => {
    put(file());
    acts();
    gateway.fakeFile("after", is(FIRST, ALIAS));
    expect(put(file("inet alias 10.30.0.9 0xffffffff")).status).toBe(0);
    expect(acts()).toEqual(["ifconfig vio1 inet alias 10.30.0.9 netmask 0xffffffff"]);
    gateway.fakeFile("after", is(FIRST));
    expect(put(file()).status).toBe(0);
    expect(acts()).toEqual(["ifconfig vio1 inet 10.30.0.9 delete"]);
  });

  test("refuses to take the address away that the connection came to, or to set it anew", () => {
    put(file());
    acts();
    for (const text of ["inet 10.30.0.5 0xffffff00\n", "inet 10.30.0.1 0xfffffe00\n"]) {
      expect(put(text, "10.30.0.1")).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(
          /vio1: this connection came to 10\.30\.0\.1 there: change it on the console/,
        ) as string,
      });
      expect(acts()).toEqual([]);
      expect(gateway.read("etc/hostname.vio1")).toBe(file());
    }
    gateway.fakeFile("after", is("10.30.0.5 netmask 0xffffff00"));
    expect(put("inet 10.30.0.5 0xffffff00\n").status).toBe(0);
    expect(acts()).toEqual(["ifconfig vio1 inet 10.30.0.1 delete", "netstart vio1"]);
  });

  test("takes an address back whose network the connection's answers would leave by", () => {
    gateway.fakeFile("routes.after", "10.10.0.254 vio1\n");
    expect(put(file())).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/would leave by vio1 instead of vio0/) as string,
    });
    expect(acts()).toEqual(["netstart vio1", "ifconfig vio1 inet 10.30.0.1 delete"]);
    expect(gateway.exists("etc/hostname.vio1")).toBe(false);
  });

  test("fails loudly where netstart, which always ends with 0, has not set the address", () => {
    gateway.fakeFile("after", is());
    expect(put(file())).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(
        "vio1 has not got what /etc/hostname.vio1 gives it: inet 10.30.0.1 0xffffff00",
      ) as string,
    });
  });

  test("is removed with its file, and not while the answers leave by it", () => {
    put(file());
    acts();
    const env = { SSH_CONNECTION: "10.10.0.254 40000 10.10.0.2 22" };
    gateway.fakeFile("routes", "10.10.0.254 vio1\n");
    expect(gateway.run("arm remove vio1", { env })).toMatchObject({ status: 1 });
    gateway.fakeFile("routes", "10.10.0.254 vio0\n");
    expect(gateway.run("arm remove vio1", { env })).toMatchObject({ status: 0, stderr: "" });
    expect(acts()).toEqual(["ifconfig vio1 inet 10.30.0.1 delete"]);
    expect(gateway.exists("etc/hostname.vio1")).toBe(false);
  });

  test.each(["", "../pf.conf", "vio", "-a"])("refuses the name %j", (name) => {
    expect(gateway.run(`arm '${name}'`).status).toBe(64);
  });
});

describeShell("gwctl gate", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.write("etc/mygate", "198.51.100.254\n");
  });
  afterEach(() => {
    gateway.dispose();
  });
  const gate = (routes: string) => {
    gateway.fakeFile("routes", routes);
    const { status, stderr } = gateway.run("gate", {
      env: { SSH_CONNECTION: "203.0.113.9 40000 10.10.0.2 22" },
    });
    return { status, stderr, acts: gateway.calls().filter((call) => call.startsWith("route -qn")) };
  };

  test("leaves the route that is declared", () => {
    expect(gate("default vio1 198.51.100.254\n203.0.113.9 vio1 198.51.100.254\n")).toEqual({
      status: 0,
      stderr: "",
      acts: [],
    });
  });

  test("changes another one, and says so where it does not lead there afterwards", () => {
    expect(gate("default vio0 10.10.0.1\n")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        "the default route does not lead to 198.51.100.254",
      ) as string,
      acts: ["route -qn change -inet default 198.51.100.254"],
    });
    expect(gate("").acts).toEqual(["route -qn add -inet default 198.51.100.254"]);
  });

  test("takes the route of the other family away that the file had before", () => {
    gateway.write("etc/mygate", "2001:db8::fe\n");
    gateway.write("etc/mygate.prev", "198.51.100.254\n");
    const acts = (routes: string) => gate(routes).acts;
    expect(acts("default vio1 198.51.100.254\n")).toEqual([
      "route -qn add -inet6 default 2001:db8::fe",
      "route -qn delete -inet default 198.51.100.254",
    ]);
  });

  test("takes the one that leads nowhere for none", () => {
    gateway.write("etc/mygate", "2001:db8::fe\n");
    expect(gate("default lo0 ::1\n").acts).toEqual(["route -qn add -inet6 default 2001:db8::fe"]);
  });
});
