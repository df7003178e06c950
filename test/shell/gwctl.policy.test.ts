import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gwctlScript } from "../../components/openbsd/gwctlScript";
import { supported } from "../../config/algorithms";
import { ikedTunnel as render } from "../../render/ikedConf";
import { GOLDEN_PSK, topology } from "../golden/topologies";
import { describeWith } from "../unit/support/tools";
import { describeShell, Scratch } from "./support/scratch";
import { EAST_PSK, IKED_ON, ikedTunnel, WEST_PSK } from "./support/texts";

const PROPOSALS =
  "ikesa enc aes-256 auth hmac-sha2-256 prf hmac-sha2-256 group ecp256 childsa enc aes-256-gcm group ecp256";

describeShell("gwctl and what iked makes of a tunnel", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    gateway.run("services", { input: IKED_ON });
  });
  afterEach(() => {
    gateway.dispose();
  });

  test("a proposal that iked leaves out is named, and nothing is changed: status 1", () => {
    gateway.run("tunnel put iked east", { input: ikedTunnel({ name: "east" }) });
    const before = gateway.read("etc/iked.conf");
    gateway.fakeFile("unsupported", "childsa enc aes-256-gcm group ecp256");
    gateway.calls();
    const run = gateway.run("tunnel put iked west", { input: ikedTunnel({ word: PROPOSALS }) });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('leaves out "childsa enc aes-256-gcm group ecp256"');
    expect(run.stderr + gateway.calls().join("\n")).not.toMatch(
      new RegExp(`${WEST_PSK}|${EAST_PSK}|0x`),
    );
    expect([gateway.read("etc/iked.conf"), gateway.list("etc/iked")]).toEqual([
      before,
      ["east.conf"],
    ]);
    expect(gateway.calls().filter((call) => /reload|start/.test(call))).toEqual([]);
  });

  test("one transform of several is enough to refuse", () => {
    gateway.fakeFile("unsupported", " group modp2048");
    const word = "ikesa enc aes-256 prf hmac-sha1 group ecp256 group modp2048";
    const run = gateway.run("tunnel put iked west", { input: ikedTunnel({ word }) });
    expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("group modp2048")]);
  });

  test("what iked understands is let through", () => {
    const run = gateway.run("tunnel put iked west", { input: ikedTunnel({ word: PROPOSALS }) });
    expect(run).toMatchObject({ status: 0, stderr: "" });
  });
});

/** gwctl's functions, without its main part, over the real iked. */
describeWith("iked", "mksh")("left_out with the real iked", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "policy-"));
  const functions = path.join(folder, "functions");
  const file = path.join(folder, "west.conf");
  beforeAll(() => {
    const [defined = ""] = gwctlScript().split("# ---- main");
    fs.writeFileSync(functions, `${defined}}\n`);
  });
  afterAll(() => {
    fs.rmSync(folder, { recursive: true });
  });
  const leftOut = (text: string) => {
    fs.writeFileSync(file, text, { mode: 0o600 });
    const { stdout, stderr } = spawnSync("mksh", ["-c", `. ${functions}; left_out ${file}`], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    return stdout.trim();
  };
  const config = topology("nated", "iked");
  const [west] = config.tunnels;
  if (!west) throw new Error("no tunnel");

  test("is nothing for what it can do", () => {
    expect(leftOut(render(config, west, GOLDEN_PSK))).toBe("");
  });

  test("is the proposal that it drops and still says OK", () => {
    const phase2 = { encryption: "aes-256-gcm", group: "ecp256", lifetime: 3600 };
    const text = render(config, { ...west, phase2 }, GOLDEN_PSK);
    // OpenBSD's own iked can do it; OpenIKED on Linux cannot.
    const left = leftOut(text);
    const printed = spawnSync("iked", ["-nv", "-f", file], { encoding: "utf8" }).stderr;
    expect(left).toBe(
      printed.includes("childsa enc aes-256-gcm") ? "" : "childsa enc aes-256-gcm group ecp256",
    );
  });

  // The word printed is the word declared, or a working tunnel would be refused.
  test.each(["ikeGroup", "espGroup", "ikeIntegrity", "espIntegrity", "espEncryption"] as const)(
    "is never a %s that iked can do",
    (role) => {
      for (const name of supported("iked", role)) {
        if (/gcm|chacha|sntrup/.test(name)) continue;
        const { phase1, phase2 } = west;
        const changed = {
          ikeGroup: { phase1: { ...phase1, group: name } },
          espGroup: { phase2: { ...phase2, group: name } },
          ikeIntegrity: { phase1: { ...phase1, integrity: name, prf: name } },
          espIntegrity: { phase2: { ...phase2, integrity: name } },
          espEncryption: { phase2: { ...phase2, encryption: name } },
        }[role];
        expect([name, leftOut(render(config, { ...west, ...changed }, GOLDEN_PSK))]).toEqual([
          name,
          "",
        ]);
      }
    },
  );
});
