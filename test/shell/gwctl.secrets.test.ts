import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { describeShell, Scratch } from "./support/scratch";
import {
  EAST_PSK,
  IKED_ON,
  ikedTunnel,
  ISAKMPD_ON,
  isakmpdTunnel,
  WEST_PSK,
} from "./support/texts";

const OTHER_PSK = "OtherSecret9pLw3Xd";

describeShell("gwctl and secrets", () => {
  let gateway: Scratch;
  let said: string;
  beforeEach(() => {
    gateway = new Scratch();
    said = "";
  });
  afterEach(() => {
    gateway.dispose();
  });
  const run = (args: string, input = "") => {
    const { status, stdout, stderr } = gateway.run(args, { input });
    said += stdout + stderr;
    return { status, stderr };
  };
  const nowhere = () => {
    const argv = gateway.calls().join("\n");
    for (const psk of [WEST_PSK, EAST_PSK, OTHER_PSK]) {
      expect(said).not.toContain(psk);
      expect(argv).not.toContain(psk);
    }
  };

  test.each([
    ["iked", IKED_ON, ikedTunnel],
    ["isakmpd", ISAKMPD_ON, isakmpdTunnel],
  ] as const)("%s: no PSK in output, errors or arguments, whatever goes wrong", (ike, on, text) => {
    run("services", on);
    run(`tunnel put ${ike} east`, text({ name: "east" }));
    run(`tunnel put ${ike} west`, text({}));
    run(`tunnel put ${ike} west`, text({ psk: OTHER_PSK }));
    // The fake validators quote the bad line, as a real one may.
    const refused = run(`tunnel put ${ike} west`, text({ word: "BAD" }));
    expect(refused).toEqual({ status: 1, stderr: expect.stringContaining("psk ***") as string });
    const bare = `# ${WEST_PSK}\nike ikev2 psk ${WEST_PSK} BAD ${WEST_PSK}\n`;
    expect(run(`tunnel put ${ike} west`, bare).stderr).toContain("BAD ***");
    // Another tunnel's file, broken by hand, is quoted too.
    const dir = ike === "iked" ? "etc/iked" : "etc/ipsec";
    gateway.write(`${dir}/east.conf`, text({ name: "east", word: "BAD" }));
    run(`tunnel put ${ike} west`, text({ lifetime: 60 }));
    run("tunnel down west");
    run("state");
    run("tunnel remove west");
    nowhere();
  });

  test("a key that begins with another tunnel's key is masked whole", () => {
    run("services", IKED_ON);
    run("tunnel put iked east", ikedTunnel({ name: "east", psk: EAST_PSK }));
    run("tunnel put iked west", ikedTunnel({ psk: `${EAST_PSK}-rest9` }));
    const text = `ikev2 psk "${EAST_PSK}-rest9" BAD ${EAST_PSK}-rest9 ${EAST_PSK}\n`;
    const { stderr } = run("tunnel put iked west", text);
    expect(stderr).toContain("BAD *** ***");
    expect(stderr).not.toContain("rest9");
  });

  test("every file with a PSK is for root only, also what a kill leaves behind", () => {
    run("services", IKED_ON);
    run("tunnel put iked west", ikedTunnel({}));
    for (let killAt = 1; killAt < 16; killAt++) {
      gateway.write("etc/iked/west.conf.new", "left by a run of another age\n", 0o666);
      gateway.run("tunnel put iked west", { input: ikedTunnel({ psk: OTHER_PSK }), killAt });
      for (const file of filesWith(gateway.root, OTHER_PSK)) {
        expect([file, (fs.statSync(file).mode & 0o077).toString(8)]).toEqual([file, "0"]);
      }
      run("tunnel put iked west", ikedTunnel({}));
    }
    run("tunnel remove west");
    expect(filesWith(gateway.root, WEST_PSK)).toEqual([]);
    expect(filesWith(gateway.root, OTHER_PSK)).toEqual([]);
  });

  test("state shows no key that a command might print", () => {
    gateway.fakeFile(
      "sa",
      `esp tunnel from 1.1.1.1 to 2.2.2.2 spi 0x01020304 \\\n\tauthkey 0x${OTHER_PSK} \\\n\tenckey 0x${OTHER_PSK}\n`,
    );
    run("state");
    nowhere();
    expect(said).toContain("psk type require");
    expect(said).toContain("spi 0x01020304");
  });
});

function filesWith(dir: string, text: string): string[] {
  return spawnSync("grep", ["-rlF", text, dir], { encoding: "utf8" })
    .stdout.split("\n")
    .filter(Boolean);
}
