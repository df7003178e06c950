import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel } from "./support/texts";

const WEST_ID = "FQDN/west.example.net";

describeShell("gwctl tunnel restart, kill, flush and start-all", () => {
  let gateway: Scratch;
  beforeEach(() => (gateway = new Scratch()));
  afterEach(() => {
    gateway.dispose();
  });

  describe("with iked", () => {
    beforeEach(() => {
      gateway.run("services", { input: IKED_ON });
      gateway.run("tunnel put iked east", { input: ikedTunnel({ name: "east" }) });
      gateway.run("tunnel put iked west", { input: ikedTunnel({}) });
      gateway.calls();
    });
    const acts = () => gateway.calls().filter((call) => /^(rcctl [^cg]|ikectl [^s])/.test(call));

    test("kill drops the SA of one tunnel, restart also starts the negotiation", () => {
      expect(gateway.run("tunnel kill west").stdout).toBe(`changed: SA of ${WEST_ID} dropped\n`);
      expect(acts()).toEqual([`ikectl reset id ${WEST_ID}`]);
      expect(gateway.run("tunnel restart west").stdout).toContain("negotiation started");
      expect(acts()).toEqual([`ikectl reset id ${WEST_ID}`, "ikectl active"]);
    });

    test("an id with blanks is one id", () => {
      const id = "ASN1_DN//C=DE/O=Example AG/CN=west";
      const say = (words: string, input?: string) =>
        gateway.run(words, { input: input ?? "" }).stdout;
      say("tunnel put iked west", ikedTunnel({ id }));
      gateway.calls();
      expect(say("tunnel kill west")).toBe(`changed: SA of ${id} dropped\n`);
      expect(acts()).toEqual([`ikectl reset id ${id}`]);
      expect(say("tunnel put iked west", ikedTunnel({ id, lifetime: 1800 }))).toContain(
        `reset id ${id}`,
      );
      expect(acts()).toContain(`ikectl reset id ${id}`);
      expect(say("tunnel flush")).toContain("changed");
      expect(acts()).toEqual([
        "ikectl reset id FQDN/east.example.net",
        `ikectl reset id ${id}`,
        "ikectl reset sa",
      ]);
    });

    test("what is done to a tunnel is logged before it is done", () => {
      const logged = () => gateway.calls().filter((call) => call.startsWith("logger"));
      const line = (text: string) => `logger -t gwctl -p daemon.notice tunnel: ${text}`;
      for (const words of ["kill west", "restart west", "down west", "up west"]) {
        gateway.run(`tunnel ${words}`);
        const [verb = "", name = ""] = words.split(" ");
        expect(logged()).toEqual([line(`${name}: ${verb}`)]);
      }
      gateway.run("tunnel flush");
      gateway.run("tunnel put iked west", { input: ikedTunnel({}) });
      expect(logged()).toEqual([line("all: flush")]);
      gateway.run("tunnel put iked west", { input: ikedTunnel({ lifetime: 1800 }) });
      expect(logged()).toEqual([line("west: put")]);
      expect(gateway.run("tunnel kill nobody").status).not.toBe(0);
      expect(logged()).toEqual([]);
    });

    test.each([
      ["whose peer has no id yet", "10.10.0.2:500->198.51.100.11:500"],
      ["of an initiator without an answer", "any->any"],
    ])("an SA %s is dropped by a reload", (_, ends) => {
      gateway.fakeFile(
        "sas",
        `iked_sas: 0x1 rspi 0x0 ispi 0x1 ${ends}<>[] SA_INIT i nexti 0x0 pol 0x1\n`,
      );
      expect(gateway.run("tunnel kill west").stdout).toContain("unfinished SA with 198.51.100.11");
      expect(acts()).toEqual(["rcctl reload iked"]);
      gateway.fakeFile("sas", "");
      expect(gateway.run("tunnel kill west").stdout).toBe("unchanged: no SA\n");
      expect(acts()).toEqual([]);
    });

    test("another tunnel with the same id is never dropped along", () => {
      gateway.run("tunnel put iked twin", { input: ikedTunnel({}) });
      acts();
      const run = gateway.run("tunnel kill west");
      expect([run.status, run.stderr]).toEqual([1, expect.stringContaining(WEST_ID)]);
      expect(acts()).toEqual([]);
      // One that is down has no SA, and one whose id only begins alike has its own.
      gateway.run("tunnel down twin");
      const longer = ikedTunnel({}).replaceAll("west.example.net", "west.example.network");
      gateway.run("tunnel put iked longer", { input: longer });
      acts();
      expect(gateway.run("tunnel kill west").stdout).toBe(`changed: SA of ${WEST_ID} dropped\n`);
    });

    test("a tunnel that is down, disabled or not there is named, and nothing done", () => {
      gateway.run("tunnel down west");
      gateway.run("tunnel put iked off disabled", { input: ikedTunnel({ name: "off" }) });
      acts();
      for (const [name, why] of [
        ["west", "down by hand"],
        ["off", "disabled"],
        ["north", "no such tunnel"],
      ]) {
        const run = gateway.run(`tunnel restart ${name ?? ""}`);
        expect([run.status, run.stderr]).toEqual([1, expect.stringContaining(why ?? "")]);
      }
      expect(acts()).toEqual([]);
    });

    test("flush drops all, start-all also brings back what was down by hand", () => {
      expect(gateway.run("tunnel flush").stdout).toContain("2 tunnels will negotiate again");
      expect(acts()).toEqual([
        "ikectl reset id FQDN/east.example.net",
        `ikectl reset id ${WEST_ID}`,
        "ikectl reset sa",
      ]);
      gateway.run("tunnel down west");
      acts();
      expect(gateway.run("tunnel start-all").stdout).toContain("west up");
      expect(acts()).toEqual(["rcctl reload iked", "ikectl active"]);
    });
  });

  describe("with isakmpd", () => {
    const PHASE1 = "peer-198.51.100.11-local-10.10.0.2";
    const CONNECTION = "from-10.10.0.0/24-to-10.20.0.0/24";
    beforeEach(() => {
      gateway.run("services", { input: ISAKMPD_ON });
      gateway.run("tunnel put isakmpd west", { input: isakmpdTunnel({}) });
      gateway.calls();
    });
    const fifo = () => gateway.calls().filter((call) => /^fifo [^S]/.test(call));
    const active = () => gateway.fakeRead("active").trim();
    const passive = isakmpdTunnel({}).replace("ike active", "ike passive");
    const hanging = (peer = "src: 10.10.0.2 dst: 198.51.100.11") => {
      gateway.fakeFile(
        "report",
        `SA name: <unnamed> (Phase 1/Responder)\n${peer}\nFlags 0x00000000\nicookie 0123456789abcdef rcookie fedcba9876543210\n\n`,
      );
    };
    /** isakmpd is killed; its FIFO stays. */
    const murder = () => {
      const pid = Number(gateway.fakeRead("running.isakmpd"));
      process.kill(pid, "SIGKILL");
      gateway.fakeFile("running.isakmpd", undefined);
      gateway.calls();
    };

    test("kill drops phase 2 and phase 1, and leaves the connection on isakmpd's list", () => {
      const run = gateway.run("tunnel kill west");
      expect(run).toMatchObject({ status: 0, stderr: "" });
      expect(run.stdout).toBe(
        `changed: phase 2 ${CONNECTION} dropped, phase 1 ${PHASE1} dropped\n`,
      );
      expect(fifo()).toEqual([
        `fifo t ${CONNECTION}`,
        `fifo t main ${PHASE1}`,
        `fifo c ${CONNECTION}`,
      ]);
      expect(active()).toBe(CONNECTION);
    });

    test.each([
      ["with the peer", "src: 10.10.0.2 dst: 198.51.100.11"],
      ["of an initiator without an answer", "<no transport>"],
    ])(
      "an SA %s that is being negotiated is left alone, and nothing is said to have started",
      (_, ends) => {
        hanging(ends);
        gateway.fakeFile("hangs", "");
        const { stdout } = gateway.run("tunnel restart west");
        expect(stdout).toContain("unfinished phase 1 with 198.51.100.11 left to isakmpd");
        expect(stdout).toContain("still trying");
        expect(stdout).not.toContain("negotiation started");
        expect(fifo().filter((call) => /^fifo [dT]/.test(call))).toEqual([]);
      },
      30_000,
    );

    test("an SA that is negotiated with another peer is not this tunnel's", () => {
      hanging("src: 10.10.0.2 dst: 198.51.100.12");
      expect(gateway.run("tunnel kill west").stdout).not.toContain("unfinished");
    });

    test("restart starts its connections again; a shared phase 1 is kept", () => {
      const twin = isakmpdTunnel({}).replaceAll("10.20.0.0", "10.30.0.0");
      gateway.run("tunnel put isakmpd twin", { input: twin });
      fifo();
      const { stdout } = gateway.run("tunnel restart west");
      expect(stdout).toContain("kept for another tunnel");
      expect(stdout).toContain("negotiation started");
      expect(fifo()).toEqual([`fifo t ${CONNECTION}`, `fifo c ${CONNECTION}`]);
    });

    test("a passive tunnel is dropped, and never made active", () => {
      gateway.run("tunnel put isakmpd west", { input: passive });
      fifo();
      expect(gateway.run("tunnel restart west").stdout).toContain("the peer begins");
      gateway.run("tunnel kill west");
      gateway.run("tunnel flush");
      gateway.run("tunnel start-all");
      expect(fifo().filter((call) => call.startsWith("fifo c"))).toEqual([]);
      expect(active()).toBe("");
    });

    test("flush tears everything down by name, start-all loads and starts everything", () => {
      gateway.run("tunnel flush");
      expect(fifo()).toEqual([
        `fifo t ${CONNECTION}`,
        `fifo t main ${PHASE1}`,
        `fifo c ${CONNECTION}`,
      ]);
      expect(active()).toBe(CONNECTION);
      gateway.run("tunnel start-all");
      expect(gateway.calls()).toEqual(
        expect.arrayContaining(["ipsecctl -f /etc/ipsec.conf", `fifo c ${CONNECTION}`]),
      );
    });

    test.each(["tunnel restart west", "tunnel start-all"])(
      "an isakmpd that died is started by %s, and nobody writes to the FIFO it left",
      (command) => {
        murder();
        expect(gateway.exists("var/run/isakmpd.fifo")).toBe(true);
        expect(gateway.run(command)).toMatchObject({
          status: 0,
          stdout: "changed: isakmpd started\n",
        });
        const calls = gateway.calls();
        expect(calls).toEqual(
          expect.arrayContaining(["rcctl start isakmpd", "ipsecctl -f /etc/ipsec.conf"]),
        );
        expect(calls.filter((call) => call.startsWith("fifo"))).toEqual([]);
      },
    );

    test.each(["tunnel kill west", "tunnel flush"])("%s says that isakmpd died", (command) => {
      murder();
      expect(gateway.run(command)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining("isakmpd does not run") as string,
      });
    });

    test("no key is shown or passed, though ipsecctl prints it", () => {
      const run = gateway.run("tunnel restart west");
      expect(run.stdout + run.stderr + gateway.calls().join()).not.toContain("WestSecret");
    });
  });
});
