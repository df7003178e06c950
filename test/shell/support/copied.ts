import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Scratch } from "./scratch";

/** What a copied disk waits for in hw.uuid. */
export const COPY = "5e5e5e5e-1a1a-4444-8123-0123456789ab";

/** A password's hash. */
export const HASH = "$2b$10$aVerySecretHashOfApassword";

/** What sysmerge(8) has of the release. */
export const RELEASE: Readonly<Record<string, string>> = {
  ".profile": "export PATH\n",
  "etc/group": "wheel:*:0:root\nwww:*:67:\n",
  "etc/login.conf": "default:\n",
  "etc/master.passwd":
    "root::0:0:daemon:0:0:Charlie &:/root:/bin/ksh\nwww:*:67:67::0:0:HTTP Server:/var/www:/sbin/nologin\n",
  "etc/passwd":
    "root:*:0:0:Charlie &:/root:/bin/ksh\nwww:*:67:67:HTTP Server:/var/www:/sbin/nologin\n",
  "etc/pf.conf": "block return\npass\n",
  "etc/pwd.db": "released\n",
  "etc/spwd.db": "released\n",
  "etc/ssh/sshd_config": "#PermitRootLogin prohibit-password\n",
  "etc/ttys":
    'console\t"/usr/libexec/getty std.9600"\tvt220   off secure\nttyC0\t"/usr/libexec/getty std.9600"\tvt220   on  secure\ntty00\t"/usr/libexec/getty std.9600"\tunknown off\n',
  "root/.ssh/authorized_keys": "",
  "var/cron/tabs/root": "SHELL=/bin/sh\n",
  "var/log/messages": "",
};

/** Files of the release that are kept by their names. */
export const SYSTEM = [
  ...["bin/ls", "bsd", "dev/MAKEDEV", "etc/examples/iked.conf", "etc/firmware/bnx-b06"],
  ...["etc/netstart", "etc/rc", "etc/rc.d/rc.subr", "etc/rc.d/iked", "etc/services"],
  ...["etc/signify/openbsd-79-base.pub", "sbin/iked", "usr/bin/awk", "usr/lib/libc.so.102.0"],
  ...["usr/libexec/ld.so", "usr/local/sbin/gwctl", "usr/sbin/sshd", "usr/share/misc/termcap"],
  ...["var/db/kernel.SHA256", "var/syspatch/79-001_iked/rollback.tgz"],
];

const DIRECTORIES = `# the release's directories
/set type=dir uname=root gname=wheel mode=0755
. nochange
bin
..
etc
    # of iked
    iked
        private		mode=0700
        ..
    ..
    mtree
    ..
..
home
..
root
    .ssh
    ..
..
usr
    local
        bin
        ..
    ..
..
var
    db
        pkg
        ..
    ..
    log
    ..
    run
    ..
..
..
`;

/** A gateway's disk that is a copy, with the system's own files. */
export class CopiedDisk extends Scratch {
  readonly console1 = path.join(this.base, "console");

  constructor() {
    super();
    for (const file of SYSTEM) this.write(file, `${file} of the release\n`);
    this.write("etc/mtree/4.4BSD.dist", DIRECTORIES);
    this.write("etc/rc.conf", "iked_flags=NO\nsshd_flags=\npf=YES\n");
    for (const [file, text] of Object.entries(RELEASE)) this.write(file, text);
    const members = Object.keys(RELEASE).map((file) => `./${file}`);
    fs.mkdirSync(path.join(this.root, "var/sysmerge"), { recursive: true });
    const archive = path.join(this.root, "var/sysmerge/etc.tgz");
    execFileSync("tar", ["-czf", archive, "-C", this.root, ...members]);
    for (const dir of ["etc/iked/private", "home", "var/db/pkg", "usr/local/bin"]) {
      fs.mkdirSync(path.join(this.root, dir), { recursive: true });
    }
    this.uuid(COPY);
  }

  uuid(value: string): void {
    fs.mkdirSync(path.join(this.fake, "sysctl"), { recursive: true });
    this.fakeFile("sysctl/hw.uuid", `${value}\n`);
  }

  /** Seals it, and gives what the console said. */
  seal(): string {
    fs.rmSync(this.console1, { force: true });
    this.run(`seal run ${COPY}`, { env: { GWCTL_CONSOLE: this.console1 } });
    return this.console(this.console1);
  }

  /** Everything below the root that is no directory, but for links. */
  files(): string[] {
    const names = fs.readdirSync(this.root, { recursive: true, withFileTypes: true });
    return names
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(this.root, path.join(entry.parentPath, entry.name)))
      .sort();
  }

  /** Another name, outside of the disk, by which a test sees what becomes of a file's bytes. */
  bytesOf(name: string): () => Buffer {
    const link = path.join(this.base, `bytes-${name.replace(/[^\w]/g, "-")}`);
    fs.linkSync(path.join(this.root, name), link);
    return () => fs.readFileSync(link);
  }

  /** A package that pkg_add installed. */
  install(name: string, ...contents: string[]): void {
    this.write(`var/db/pkg/${name}/+CONTENTS`, `@name ${name}\n${contents.join("\n")}\n`);
    this.write(`var/db/pkg/${name}/+DESC`, "a package\n");
  }
}
