import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withOwnCopy } from "../../../operate/media/ownCopy";
import { configKey, NotSigned } from "../../../operate/media/signature";
import { document } from "../support/documents";
import { gateway } from "./support/gateway";
import {
  describeWithMediaTools,
  makeInstallCd,
  makeSigner,
  type Signer,
} from "./support/installCd";

describeWithMediaTools("iso verify", () => {
  let work: string;
  let iso: string;
  let signer: Signer;

  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), "verify-"));
    iso = makeInstallCd(work);
    signer = makeSigner(work, "lab");
    signer.sign(work, ["install79.iso"]);
  });
  afterEach(() => {
    rmSync(work, { recursive: true });
  });

  const verify = (...more: readonly string[]) =>
    gateway(["iso", "verify", "--release", "7.9", "--iso", iso, ...more]);
  const withKey = (...more: readonly string[]) => verify("--key", signer.publicKey, ...more);
  /** Refused with exactly one line that begins like this, after the warning about the key. */
  const refused = async (result: ReturnType<typeof verify>, message: string) => {
    const { status, out, err } = await result;
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(err.replace(/^warning: .*\n/, "")).toBe(`gateway: iso: ${message}\n`);
  };

  test("accepts what the given key signed, and says loudly whose key that is", async () => {
    const { status, out, err } = await withKey();
    expect({ status, out }).toEqual({
      status: 0,
      out: `${iso}: verified with the key ${signer.publicKey}\n`,
    });
    expect(err).toBe(
      `warning: verifying with the key from config (${signer.publicKey}), not with OpenBSD's\n`,
    );
    const byPosition = await gateway([
      ...["iso", "verify", iso, "--release", "7.9", "--key", signer.publicKey],
    ]);
    expect(byPosition).toEqual({ status, out, err });
    const { out: json } = await withKey("--json");
    expect(document("iso-verify", json)).toMatchObject({ release: "7.9", key: "config", iso });
  });

  test("what is used afterwards is a copy, verified again, which other users cannot change", async () => {
    const state = process.env.XDG_STATE_HOME;
    process.env.XDG_STATE_HOME = join(work, "state");
    try {
      const key = await configKey(signer.publicKey);
      const from = { iso, signature: join(work, "SHA256.sig"), sha256: "", key };
      const { signal } = new AbortController();
      const good = readFileSync(iso);
      const used = await withOwnCopy(from, "install79.iso", signal, async (copy) => {
        writeFileSync(iso, "another");
        return readFile(copy.iso);
      });
      expect(used.equals(good)).toBe(true);
      // Changed between its own check and the copy.
      const use = jest.fn();
      await expect(withOwnCopy(from, "install79.iso", signal, use)).rejects.toThrow(NotSigned);
      expect(use).not.toHaveBeenCalled();
      expect(readdirSync(join(work, "state/openbsd-ipsec-gateway/verified"))).toEqual([]);
    } finally {
      if (state === undefined) delete process.env.XDG_STATE_HOME;
      else process.env.XDG_STATE_HOME = state;
    }
  });

  test("takes an ISO of any name, and a list from elsewhere", async () => {
    const renamed = join(work, "image with spaces.iso");
    copyFileSync(iso, renamed);
    const { status } = await gateway([
      ...["iso", "verify", "--release", "7.9", "--iso", renamed],
      ...["--signature", join(work, "SHA256.sig"), "--key", signer.publicKey],
    ]);
    expect(status).toBe(0);
  });

  test("the pinned key is the only one without --key", async () => {
    await refused(
      verify(),
      `${work}/SHA256.sig: not signed with OpenBSD 7.9's base key ` +
        "(verification failed: checked against wrong key): take the SHA256.sig of the same release",
    );
  });

  test.each([
    [
      "altered",
      () => {
        writeFileSync(iso, "X", { flag: "r+" });
      },
    ],
    [
      "truncated",
      () => {
        truncateSync(iso, 500_000);
      },
    ],
    [
      "empty",
      () => {
        truncateSync(iso, 0);
      },
    ],
  ])("an %s ISO", async (_, damage) => {
    damage();
    await refused(
      withKey(),
      `${iso}: is not the install79.iso that was signed with the key ${signer.publicKey} ` +
        "(altered or cut short): get it again",
    );
  });

  test("an unsigned list", async () => {
    copyFileSync(join(work, "SHA256"), join(work, "SHA256.sig"));
    const { status, err } = await withKey();
    expect(status).toBe(1);
    expect(err).toContain(`${work}/SHA256.sig: not signed with the key ${signer.publicKey}`);
  });

  test("a list that was altered after it was signed", async () => {
    const path = join(work, "SHA256.sig");
    const other = (digit: string) => (digit === "0" ? "1" : "0");
    writeFileSync(path, readFileSync(path, "utf8").replace(/(?<== )./, other));
    const { status, err } = await withKey();
    expect(status).toBe(1);
    expect(err).toContain("(signature verification failed)");
  });

  test("another key than the one that signed", async () => {
    const other = makeSigner(work, "other");
    await refused(
      verify("--key", other.publicKey),
      `${work}/SHA256.sig: not signed with the key ${other.publicKey} ` +
        "(verification failed: checked against wrong key): take the SHA256.sig of the same release",
    );
  });

  test("a list without the ISO in it", async () => {
    signer.sign(work, ["lab.pub"]);
    await refused(
      withKey(),
      `${work}/SHA256.sig: does not list install79.iso: take the SHA256.sig of the same release`,
    );
  });

  test("the ISO of another architecture, which the same key signs under the same name", async () => {
    iso = makeInstallCd(work, "i386");
    signer.sign(work, ["install79.iso"]);
    await refused(
      withKey(),
      `${iso}: is not the amd64 install CD of OpenBSD 7.9: ` +
        "lacks /7.9/AMD64/CDBR, /7.9/AMD64/CDBOOT, /7.9/AMD64/BSD.RD",
    );
  });

  test("something signed that is no ISO at all", async () => {
    writeFileSync(iso, Buffer.alloc(100_000));
    signer.sign(work, ["install79.iso"]);
    await refused(
      withKey(),
      `${iso}: is not a usable ISO image (no volume descriptor): get it again`,
    );
  });

  test.each([
    ["a secret key", "lab.sec"],
    ["anything else", "SHA256"],
  ])("%s as --key", async (_, name) => {
    const path = join(work, name);
    await refused(
      verify("--key", path),
      `${path}: is not a signify public key: give the .pub file that signify -G wrote`,
    );
  });

  test("files that are not there", async () => {
    rmSync(join(work, "SHA256.sig"));
    await refused(withKey(), `${work}/SHA256.sig: no such file`);
  });
});
