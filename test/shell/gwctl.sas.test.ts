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

    test("kill tears down phase 2, phase 1, and what has no name yet", () => {
      gateway.fakeFile(
        "report",
        "SA name: <unnamed> (Phase 1/Initiator)\nsrc: 10.10.0.2 dst: 198.51.100.11\nFlags 0x0\nicookie 0123456789abcdef rcookie fedcba9876543210\n\n" +
          "SA name: <unnamed> (Phase 1/Initiator)\nsrc: 10.10.0.2 dst: 198.51.100.12\nicookie 1111111111111111 rcookie 2222222222222222\n",
      );
      const run = gateway.run("tunnel kill west");
      expect(run).toMatchObject({ status: 0, stderr: "" });
      expect(fifo()).toEqual([
        `fifo t ${CONNECTION}`,
        `fifo t main ${PHASE1}`,
        "fifo d 0123456789abcdeffedcba9876543210 -",
      ]);
    });

    test("restart starts its connections again; a shared phase 1 is kept", () => {
      const twin = isakmpdTunnel({}).replaceAll("10.20.0.0", "10.30.0.0");
      gateway.run("tunnel put isakmpd twin", { input: twin });
      fifo();
      expect(gateway.run("tunnel restart west").stdout).toContain("kept for another tunnel");
      expect(fifo()).toEqual([`fifo t ${CONNECTION}`, `fifo c ${CONNECTION}`]);
    });

    test("flush tears everything down, start-all loads and starts everything", () => {
      gateway.run("tunnel flush");
      expect(fifo()).toEqual(["fifo T", `fifo t main ${PHASE1}`]);
      gateway.run("tunnel start-all");
      expect(fifo()).toEqual([`fifo c ${CONNECTION}`]);
    });

    test("no key is shown or passed, though ipsecctl prints it", () => {
      const run = gateway.run("tunnel restart west");
      expect(run.stdout + run.stderr + gateway.calls().join()).not.toContain("WestSecret");
    });
  });
});
