import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeWith } from "../../support/tools";

/** The programs that make and check media; without them the checks are skipped, and say so. */
export function describeWithMediaTools(name: string, body: () => void): void {
  describeWith("xorriso genisoimage isoinfo signify-openbsd")(name, body);
}

/** The day the synthetic CD says it was made. */
export const CD_DATE = "20260519093000";

const SETS = ["base", "comp", "game", "man", "xbase", "xfont", "xserv", "xshare"];

/** Content that differs from file to file and compresses badly enough to be worth comparing. */
function filler(name: string, size: number): Buffer {
  const line = `${name} ${"0123456789abcdef".repeat(4)}\n`;
  return Buffer.from(line.repeat(Math.ceil(size / line.length)).slice(0, size));
}

/**
 * A CD laid out like the official install79.iso, made with the options of its Makefile
 * (distrib/amd64/iso/Makefile): mkhybrid's `-a` is genisoimage's default, and OpenBSD's mkhybrid
 * boots without emulation by itself.
 */
export function makeInstallCd(directory: string, arch = "amd64"): string {
  const tree = join(directory, `cd-${arch}`);
  const sets = join(tree, "7.9", arch);
  mkdirSync(sets, { recursive: true });
  mkdirSync(join(tree, "etc"));
  writeFileSync(join(tree, "etc/boot.conf"), `set image /7.9/${arch}/bsd.rd\n`);
  const kernels = ["bsd", "bsd.mp", "bsd.rd", "cdboot", "eficdboot"];
  for (const name of [...SETS.map((set) => `${set}79.tgz`), ...kernels, `INSTALL.${arch}`]) {
    writeFileSync(join(sets, name), filler(name, 30_000 + name.length));
  }
  writeFileSync(join(sets, "BUILDINFO"), "Build date: 1779150600\n");
  writeFileSync(join(sets, "SHA256"), "SHA256 (base79.tgz) = 00\n");
  writeFileSync(join(sets, "cdbr"), filler("cdbr", 2048));
  const iso = join(directory, "install79.iso");
  const boot = ["-b", `7.9/${arch}/cdbr`, "-no-emul-boot", "-c", `7.9/${arch}/boot.catalog`];
  const efi = ["-eltorito-alt-boot", "-e", `7.9/${arch}/eficdboot`, "-no-emul-boot"];
  execFileSync(
    "genisoimage",
    [
      ...["-quiet", "-R", "-T", "-L", "-l", "-d", "-D", "-N", "-o", iso],
      ...["-A", `OpenBSD 7.9 ${arch} Install CD`, "-V", `OpenBSD/${arch}   7.9 Install CD`],
      ...["-P", "Copyright (c) 2026 Theo de Raadt, The OpenBSD project"],
      ...["-p", "Theo de Raadt <deraadt@openbsd.org>", ...boot, ...efi, tree],
    ],
    { stdio: "pipe" },
  );
  const bytes = readFileSync(iso);
  bytes.write(`${CD_DATE}00\0`, 16 * 2048 + 813, "latin1");
  writeFileSync(iso, bytes);
  return iso;
}

export interface Signer {
  /** Path of the public key. */
  readonly publicKey: string;
  /** Writes SHA256.sig into the directory, for these files of it. */
  readonly sign: (directory: string, names: readonly string[]) => string;
}

/** A signify key pair of the test's own. */
export function makeSigner(directory: string, name: string): Signer {
  const publicKey = join(directory, `${name}.pub`);
  const secret = join(directory, `${name}.sec`);
  signify("-G", "-n", "-c", name, "-p", publicKey, "-s", secret);
  return {
    publicKey,
    sign(where, names) {
      const list = join(where, "SHA256");
      const out = join(where, "SHA256.sig");
      writeFileSync(list, execFileSync("sha256sum", ["--tag", ...names], { cwd: where }));
      signify("-S", "-e", "-s", secret, "-m", list, "-x", out);
      return out;
    },
  };
}

function signify(...args: readonly string[]): void {
  execFileSync("signify-openbsd", args, { stdio: "pipe" });
}
