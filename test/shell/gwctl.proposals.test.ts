import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

const NEW_IKE = "enc aes-256-gcm group ecp384 prf hmac-sha2-384";
const OLD_IKE = "enc aes-256 auth hmac-sha2-256 group modp2048 prf hmac-sha2-256";
const ID = "FQDN/west.example.net";
const RECORD = "var/db/gwctl/proposals/west";

/** A tunnel as the renderer writes it, with its proposals in lines of their own. */
const tunnel = (...proposals: string[]) =>
  [
    "# gwctl peer 198.51.100.11",
    `# gwctl dstid ${ID}`,
    'ikev2 "west" active esp \\',
    "\tlocal 10.10.0.2 peer 198.51.100.11 \\",
    ...proposals.map((proposal) => `\t${proposal} \\`),
    '\tpsk "WestSecret7hQ2mZ9x"',
    "",
  ].join("\n");

const BOTH = [
  "ikesa enc aes-256-gcm prf hmac-sha2-384 group ecp384",
  "ikesa enc aes-256 auth hmac-sha2-256 prf hmac-sha2-256 group modp2048",
  "childsa enc aes-256-gcm group ecp384",
];
const today = () => Math.floor(Date.now() / 86_400_000);

/** The lines of one IKE SA and its child SA in ikectl(8), in ipsecctl(8) and in the log. */
class Sas {
  private readonly rows = { ike: [] as string[], kernel: [] as string[], log: [] as string[] };
  constructor(private readonly gateway: Scratch) {}

  private log(spi: string, message: string) {
    this.rows.log.push(`Nov 23 23:29:17 gw iked[7]: spi=${spi}: ${message}`);
  }
  ike(spi: string, words: string | undefined, { id = ID, state = "ESTABLISHED" } = {}): this {
    const ref = `0xe${spi.slice(-3)}`;
    this.rows.ike.push(
      `iked_sas: ${ref} rspi 0x00000000000000ff ispi ${spi} 10.10.0.2:4500->198.51.100.11:4500<${id}>[] ${state} i natt udpencap nexti 0x0 pol 0x1`,
    );
    if (words !== undefined) {
      const ends = `peer 198.51.100.11:4500[${id}] local 10.10.0.2:4500[FQDN/gw] policy 'west'`;
      this.log(spi, `established ${ends} as initiator (${words})`);
    }
    return this;
  }
  renewed(spi: string, by: string, words: string): this {
    this.log(spi, `rekeyed as new IKESA ${by} (${words})`);
    return this;
  }
  child(ike: string, spi: string, words: string, logged?: string): this {
    this.rows.ike.push(
      `  sa_childsas: 0x9c7f ESP ${spi} out 10.10.0.2:4500 -> 198.51.100.11:4500 (L) B=0x0 P=0x0 @0xe${ike.slice(-3)}`,
    );
    this.rows.kernel.push(`esp tunnel from 10.10.0.2 to 198.51.100.11 spi ${spi} ${words}`);
    if (logged !== undefined) {
      this.log(ike, `ikev2_childsa_enable: loaded SPIs: ${spi}, 0x000000ff (${logged})`);
    }
    return this;
  }
  there(): void {
    this.gateway.fakeFile("sas", `${this.rows.ike.join("\n")}\n`);
    this.gateway.fakeFile("sa", `${this.rows.kernel.join("\n")}\n`);
    this.gateway.write("var/log/daemon", `${this.rows.log.join("\n")}\n`);
  }
}

describeShell("gwctl keeps which proposals were chosen", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.write("etc/gwctl.watch", "interval 10\nfailures 4\nbackoff 60\ncap 3\n");
    ok("services", IKED_ON);
    put(...BOTH);
  });
  afterEach(() => {
    gateway.dispose();
  });

  const ok = (args: string, input = "") => {
    const done = gateway.run(args, { input });
    expect(done).toMatchObject({ status: 0, stderr: "" });
    return done.stdout;
  };
  const put = (...proposals: string[]) => ok("tunnel put iked west", tunnel(...proposals));
  const sas = () => new Sas(gateway);
  const state = () =>
    (/^--- proposals\n((?:(?!---).*\n)*)/m.exec(ok("state"))?.[1] ?? "").split("\n").slice(0, -1);
  const pass = () => {
    ok("watch once");
    return state();
  };
  /** As if the record had been written that many days ago. */
  const age = (days: number) => {
    const older = (text: string) =>
      text.replace(/(?<=since |looked |(?:ike|esp) )\d+/g, (day) => String(Number(day) - days));
    gateway.write(RECORD, older(gateway.read(RECORD) ?? ""));
  };
  const record = (since = today(), looked = today()) => `west since ${since} looked ${looked}`;

  test("with the day on which an SA of each was last seen", () => {
    const first = "0x00000000000000a1";
    sas().ike(first, OLD_IKE).child(first, "0x000000c1", "auth hmac-sha2-256 enc aes-256").there();
    expect(pass()).toEqual([
      record(),
      `west ike ${today()} ${OLD_IKE}`,
      `west esp ${today()} auth hmac-sha2-256 enc aes-256 group unknown`,
    ]);
    age(1);
    const next = "0x00000000000000a2";
    sas()
      .ike(next, undefined)
      .renewed(first, "0xa2", NEW_IKE)
      .child(next, "0x000000c2", "enc aes-256-gcm", "enc aes-256-gcm group ecp384 esn")
      .there();
    expect(pass()).toEqual([
      record(today() - 1),
      `west ike ${today() - 1} ${OLD_IKE}`,
      `west esp ${today() - 1} auth hmac-sha2-256 enc aes-256 group unknown`,
      `west ike ${today()} ${NEW_IKE}`,
      `west esp ${today()} enc aes-256-gcm group ecp384`,
    ]);
  });

  test("and writes no more than once a day while nothing changes", () => {
    sas().ike("0x00000000000000a1", NEW_IKE).there();
    pass();
    gateway.calls();
    pass();
    expect(gateway.calls().filter((call) => call.includes("proposals/"))).toEqual([]);
    age(1);
    expect(pass()).toEqual([record(today() - 1), `west ike ${today()} ${NEW_IKE}`]);
  });

  test("and says what the log does not tell, whatever it tells of others", () => {
    sas()
      .ike("0x00000000000000a1", undefined)
      .ike("0x00000000000000a2", OLD_IKE, { id: "FQDN/other.example.net" })
      .ike("0x00000000000000a3", OLD_IKE, { state: "CLOSING" })
      .there();
    expect(pass()).toEqual([record(), `west ike ${today()} unknown`]);
  });

  test("anew when the list changes, and tells nothing of another list meanwhile", () => {
    sas().ike("0x00000000000000a1", OLD_IKE).there();
    pass();
    age(1);
    put(...BOTH.slice(0, 2), "childsa enc aes-256-gcm group ecp521");
    sas().there();
    expect(state()).toEqual([]);
    expect(pass()).toEqual([record()]);
  });

  test("over a change of anything else", () => {
    sas().ike("0x00000000000000a1", OLD_IKE).there();
    pass();
    ok("tunnel put iked west", tunnel(...BOTH).replace("7hQ2mZ9x", "8hQ2mZ9x"));
    sas().there();
    expect(state()).toContain(`west ike ${today()} ${OLD_IKE}`);
  });

  test("not for days on which nobody looked", () => {
    sas().ike("0x00000000000000a1", OLD_IKE).there();
    pass();
    age(2);
    sas().there();
    expect(pass()).toEqual([record(), `west ike ${today() - 2} ${OLD_IKE}`]);
  });

  test("not by a clock that was ahead", () => {
    sas().ike("0x00000000000000a1", OLD_IKE).there();
    pass();
    age(-3);
    sas().there();
    expect(pass()).toEqual([record()]);
  });

  test("not while iked does not answer", () => {
    sas().ike("0x00000000000000a1", NEW_IKE).there();
    pass();
    age(1);
    gateway.fakeFile("fail", "ikectl show\n");
    const before = gateway.read(RECORD);
    ok("watch once");
    expect(gateway.read(RECORD)).toBe(before);
  });

  test("of no tunnel with one proposal, and not of one that is gone", () => {
    ok("tunnel put iked east", ikedTunnel({ name: "east" }));
    pass();
    expect(gateway.list("var/db/gwctl/proposals")).toEqual(["west"]);
    put(BOTH[0] ?? "", BOTH[2] ?? "");
    expect(pass()).toEqual([]);
    expect(gateway.list("var/db/gwctl/proposals")).toEqual([]);
    put(...BOTH);
    pass();
    ok("tunnel remove west");
    expect(gateway.list("var/db/gwctl/proposals")).toEqual([]);
  });
});
