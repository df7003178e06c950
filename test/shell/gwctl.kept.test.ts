import * as fs from "node:fs";
import * as path from "node:path";
import { CopiedDisk, HASH, RELEASE, SYSTEM } from "./support/copied";
import { describeShell } from "./support/scratch";

const SECRET = "what belongs to the first gateway\n";
const zero = (bytes: Buffer) => bytes.length > 0 && bytes.every((byte) => byte === 0);

describeShell("what a sealed disk keeps", () => {
  let gateway: CopiedDisk;
  beforeEach(() => (gateway = new CopiedDisk()));
  afterEach(() => {
    gateway.dispose();
  });

  const at = (name: string) => path.join(gateway.root, name);

  test("files of the release stay as they are, and nothing else comes", () => {
    const before = gateway.files();
    expect(gateway.seal()).toContain("done");
    for (const file of SYSTEM) {
      expect([file, gateway.read(file)]).toEqual([file, `${file} of the release\n`]);
    }
    for (const [file, text] of Object.entries(RELEASE)) {
      if (!/passwd|pwd\.db/.test(file)) expect([file, gateway.read(file)]).toEqual([file, text]);
    }
    const left = gateway.files().filter((file) => !before.includes(file));
    expect(left).toEqual(["etc/hosts", "etc/rc.firsttime"]);
    // iked's, which the first boot makes again.
    const gone = before.filter((file) => !gateway.exists(file));
    expect(gone).toEqual(["etc/iked/private/local.key"]);
  });

  test("what is not of the release is overwritten and removed, wherever it is", () => {
    const planted = [
      ...[".hidden", "bsd.old", "boot.conf", "secret", "altroot/dump", "dev/nulll", "mnt/backup"],
      ...["etc/doas.conf", "etc/rc.local", "etc/rc.conf.local", "etc/sysctl.conf", "etc/mygate"],
      ...["etc/wireguard/wg0.key", "etc/rc.d/gwctl_watch", "etc/rc.d/mine", "etc/signify/mine.sec"],
      ...["etc/ssl/private/server.key", "etc/acme-client.conf", "etc/iked.conf", "etc/hosts.old"],
      ...["home/anna/.ssh/id_ed25519", "home/anna/notes", "root/.ksh_history", "root/keys.tgz"],
      ...["tmp/x", "usr/local/bin/mine", "usr/local/share/notes", "usr/src/sys/own.c", "usr/obj/o"],
      ...[
        "usr/ports/mystuff",
        "data/dump.gz",
        "var/db/pkg/README",
        "var/db/own",
        "var/www/htdocs/a",
      ],
      ...[
        "var/mail/anna",
        "var/spool/smtpd/queue/1",
        "var/unbound/db/key",
        "var/run/agent.sock.txt",
      ],
      ...["var/sysmerge/backups/etc/iked.conf", "var/log/iked.log", "var/cron/tabs/anna"],
    ];
    const bytes = planted.map((file) => {
      gateway.write(file, SECRET);
      return gateway.bytesOf(file);
    });
    fs.symlinkSync("/what/is/secret", at("etc/link"));
    fs.symlinkSync("/etc/services", at("usr/local/link"));
    expect(gateway.seal()).toContain("done");
    for (const [index, file] of [...planted, "etc/link", "usr/local/link"].entries()) {
      expect([file, gateway.exists(file)]).toEqual([file, false]);
      const left = bytes[index]?.();
      if (left) expect([file, zero(left)]).toEqual([file, true]);
    }
    expect(gateway.read("etc/services")).toBe("etc/services of the release\n");
    for (const directory of ["home/anna", "data", "etc/wireguard", "usr/local/share"]) {
      expect([directory, gateway.exists(directory)]).toEqual([directory, false]);
    }
    for (const directory of ["home", "etc/iked/private", "usr/local/bin", "var/db/pkg"]) {
      expect([directory, gateway.exists(directory)]).toEqual([directory, true]);
    }
  });

  test("a file of the release that was changed is wiped, and put back as released", () => {
    const changed = ["etc/ssh/sshd_config", "etc/pf.conf", "etc/login.conf", "var/cron/tabs/root"];
    const bytes = changed.map((file) => {
      gateway.write(file, `${RELEASE[file]}# ${SECRET}`);
      return gateway.bytesOf(file);
    });
    gateway.remove(".profile");
    fs.symlinkSync("/root/secret", at(".profile"));
    gateway.seal();
    for (const [index, file] of changed.entries()) {
      expect([file, gateway.read(file)]).toEqual([file, RELEASE[file]]);
      expect([file, zero(bytes[index]?.() ?? Buffer.alloc(0))]).toEqual([file, true]);
    }
    expect(fs.lstatSync(at(".profile")).isSymbolicLink()).toBe(false);
    expect(gateway.read(".profile")).toBe(RELEASE[".profile"]);
  });

  test("names with blanks, quotes, patterns and newlines are wiped like others", () => {
    const odd = [
      ...["etc/a b", "etc/ leading", "etc/trailing ", "etc/it's", 'etc/"q"', "etc/*", "etc/$HOME"],
      ...[
        "etc/back\\slash",
        "etc/-rf",
        "etc/tab\there",
        "etc/pf.conf\nbin",
        "etc/\n",
        "etc/umlaut-ü",
      ],
      ...["home/new\nline\n/deep\n/file\n", "usr/share/misc/of a base\ndirectory"],
    ];
    const bytes = odd.map((file, index) => {
      gateway.write(file, SECRET);
      const link = path.join(gateway.base, `odd-${index}`);
      fs.linkSync(at(file), link);
      return () => fs.readFileSync(link);
    });
    const before = gateway.files().filter((file) => !odd.includes(file));
    expect(gateway.seal()).toContain("done");
    for (const [index, file] of odd.entries()) {
      expect([file, gateway.exists(file)]).toEqual([file, false]);
      expect([file, zero(bytes[index]?.() ?? Buffer.alloc(0))]).toEqual([file, true]);
    }
    expect(before.length).toBeGreaterThan(20);
    const stays = before.filter((file) => file !== "etc/iked/private/local.key");
    expect(gateway.files()).toEqual(expect.arrayContaining(stays));
    expect(gateway.files().filter((file) => file.includes("gwctl-odd"))).toEqual([]);
    expect(fs.readdirSync(at("home"))).toEqual([]);
  });

  test("a second name of what is kept goes, and the bytes stay", () => {
    fs.linkSync(at("etc/services"), at("etc/services.mine"));
    fs.linkSync(at("usr/sbin/sshd"), at("usr/local/my sshd"));
    gateway.write("usr/local/a", SECRET);
    fs.linkSync(at("usr/local/a"), at("usr/local/b"));
    const bytes = gateway.bytesOf("usr/local/a");
    gateway.seal();
    expect(gateway.read("etc/services")).toBe("etc/services of the release\n");
    expect(gateway.read("usr/sbin/sshd")).toBe("usr/sbin/sshd of the release\n");
    for (const file of ["etc/services.mine", "usr/local/my sshd", "usr/local/a", "usr/local/b"]) {
      expect([file, gateway.exists(file)]).toEqual([file, false]);
    }
    expect(zero(bytes())).toBe(true);
  });

  test("a package's files stay, its samples that were not changed, and nothing that it came to have", () => {
    gateway.install(
      "proxy-1.2p0",
      ...["@newgroup _proxy:700", "@newuser _proxy:700:_proxy::A proxy:/var/empty:/sbin/nologin"],
      ...["@cwd /usr/local", "@bin bin/proxy", "@sha abc=", "@size 12", "share/with a blank/file"],
      ...["share/examples/proxy/", "share/examples/proxy/proxy.conf", "@sample /etc/proxy/"],
      ...["share/examples/proxy/proxy.conf", "@sample /etc/proxy/proxy.conf"],
      ...["share/examples/proxy/users", "@sample /etc/proxy/users", "@rcscript /etc/rc.d/proxy"],
      ...["@extra /etc/proxy/extra", "@sample /var/proxy/"],
    );
    gateway.write("var/db/pkg/partial-lost-1.0/+CONTENTS", "@cwd /usr/local\nbin/lost\n");
    const own = ["bin/proxy", "share/with a blank/file"].map((file) => `usr/local/${file}`);
    for (const file of [...own, "etc/rc.d/proxy", "usr/local/bin/lost", "etc/proxy/extra"]) {
      gateway.write(file, `${file}\n`);
    }
    for (const name of ["proxy.conf", "users"]) {
      gateway.write(`usr/local/share/examples/proxy/${name}`, "sample\n");
    }
    gateway.write("etc/proxy/proxy.conf", "sample\n");
    gateway.write("etc/proxy/users", SECRET);
    gateway.write("var/proxy/cache", SECRET);
    expect(gateway.seal()).toContain("done");
    for (const file of [...own, "etc/rc.d/proxy"]) {
      expect([file, gateway.read(file)]).toEqual([file, `${file}\n`]);
    }
    expect(gateway.read("etc/proxy/proxy.conf")).toBe("sample\n");
    expect(gateway.read("usr/local/share/examples/proxy/users")).toBe("sample\n");
    expect(gateway.read("var/db/pkg/proxy-1.2p0/+CONTENTS")).toContain("@cwd /usr/local");
    expect(gateway.exists("var/proxy")).toBe(true);
    const gone = ["etc/proxy/users", "etc/proxy/extra", "var/proxy/cache", "usr/local/bin/lost"];
    for (const file of [...gone, "var/db/pkg/partial-lost-1.0/+CONTENTS"]) {
      expect([file, gateway.exists(file)]).toEqual([file, false]);
    }
  });

  test("accounts are those of the release and of packages, without a password", () => {
    gateway.install("proxy-1.2p0", "@newgroup _proxy:700", "@newuser _proxy:700:_proxy::A:/:/x");
    const passwd = (line: string) => `${line}\n`;
    gateway.write(
      "etc/master.passwd",
      [
        `root:${HASH}:0:0:daemon:0:0:My name:/root:/bin/ksh`,
        `www:${HASH}:67:67::0:0:HTTP Server:/var/www:/sbin/nologin`,
        `_proxy:${HASH}:700:700::0:0:A proxy:/var/empty:/sbin/nologin`,
        `anna:${HASH}:1000:1000:staff:0:0:Anna:/home/anna:/bin/ksh`,
        `toor:${HASH}:0:0::0:0:Me too:/root:/bin/ksh`,
      ]
        .map(passwd)
        .join(""),
    );
    gateway.write("etc/spwd.db", HASH);
    const database = gateway.bytesOf("etc/spwd.db");
    gateway.write(
      "etc/group",
      "wheel:*:0:root,anna\nwww:*:67:\n_proxy:*:700:anna,www\nanna:*:1000:\n",
    );
    expect(gateway.seal()).toContain("done");
    expect(gateway.read("etc/master.passwd")).toBe(
      [
        "root:*:0:0:daemon:0:0:Charlie &:/root:/bin/ksh",
        "www:*:67:67::0:0:HTTP Server:/var/www:/sbin/nologin",
        "_proxy:*:700:700::0:0:A proxy:/var/empty:/sbin/nologin",
      ]
        .map(passwd)
        .join(""),
    );
    expect(gateway.mode("etc/master.passwd")).toBe("600");
    expect(gateway.read("etc/group")).toBe("wheel:*:0:root\nwww:*:67:\n_proxy:*:700:www\n");
    for (const file of ["etc/group", "etc/passwd"]) expect(gateway.mode(file)).toBe("644");
    expect(gateway.read("etc/passwd")).toContain("_proxy:*:700:700:A proxy:/var/empty");
    for (const file of ["etc/spwd.db", "etc/pwd.db", "etc/passwd", "etc/group"]) {
      expect(gateway.read(file)).not.toMatch(/anna|\$2b/);
    }
    expect(zero(database())).toBe(true);
  });

  test("of fstab, boot.conf, ttys, installurl and hosts the lines that a start needs stay", () => {
    gateway.write(
      "etc/fstab",
      [
        "# my own words",
        "0123456789abcdef.b none swap sw",
        "0123456789abcdef.a / ffs rw 1 1 # with a key",
        "swap /ram mfs rw,nodev,-s=64M 0 0",
        "server:/secret /srv nfs ro 0 0",
        "/dev/cd0a /cd cd9660 ro,noauto 0 0",
        "",
      ].join("\n"),
    );
    for (const directory of ["ram", "srv"]) fs.mkdirSync(at(directory));
    gateway.write(
      "etc/boot.conf",
      "# mine\nstty com0 115200\nset tty com0\nset timeout 3\necho secret\nboot\n",
    );
    gateway.write(
      "etc/ttys",
      '# mine\nconsole\t"/usr/libexec/getty std.9600"\tvt220\toff secure\ntty00\t"/usr/libexec/getty std.115200"\tvt220\ton  secure\ntty01\t"/root/mine"\tvt220\ton\n',
    );
    gateway.write(
      "etc/installurl",
      "# mine\nhttps://me:pw@mirror.example.net/pub\nhttps://cdn.openbsd.org/pub/OpenBSD\n",
    );
    gateway.write("etc/hosts", "127.0.0.1 localhost\n10.0.0.1 customer\n");
    expect(gateway.seal()).toContain("done");
    expect(gateway.read("etc/fstab")).toBe(
      "0123456789abcdef.b none swap sw\n0123456789abcdef.a / ffs rw 1 1\nswap /ram mfs rw,nodev,-s=64M 0 0\n",
    );
    expect(gateway.read("etc/boot.conf")).toBe("stty com0 115200\nset tty com0\nset timeout 3\n");
    expect(gateway.read("etc/ttys")).toBe(
      'console\t"/usr/libexec/getty std.9600"\tvt220\toff secure\nttyC0\t"/usr/libexec/getty std.9600"\tvt220   on  secure\ntty00\t"/usr/libexec/getty std.115200"\tvt220\ton  secure\n',
    );
    expect(gateway.read("etc/installurl")).toBe("https://cdn.openbsd.org/pub/OpenBSD\n");
    expect(gateway.read("etc/hosts")).toBe("127.0.0.1\tlocalhost\n::1\t\tlocalhost\n");
    expect(gateway.mode("etc/fstab")).toBe("644");
    expect([gateway.exists("ram"), gateway.exists("srv")]).toEqual([true, false]);
  });

  test.each([
    ["not mounted", ""],
    ["mounted to be read", "/dev/sd0d on /data type ffs (local, read-only)\n"],
  ])("a file system of fstab that is %s ends the seal before anything is touched", (_, mount) => {
    gateway.write("etc/fstab", "a.a / ffs rw 1 1\na.d /data ffs rw,noauto 1 2\n");
    gateway.fakeFile("mounts", `/dev/sd0a on / type ffs (local)\n${mount}`);
    gateway.write("etc/secret", SECRET);
    expect(gateway.seal()).toMatch(
      /^gwctl: seal: failed: \/data of fstab\(5\) is not mounted for writing, .*: have the first gateway mount it so.*\n$/,
    );
    expect(gateway.read("etc/secret")).toBe(SECRET);
    gateway.fakeFile(
      "mounts",
      "/dev/sd0a on / type ffs (local)\n/dev/sd0d on /data type ffs (local)\n",
    );
    gateway.write("data/secret", SECRET);
    expect(gateway.seal()).toContain("done");
    expect([gateway.exists("etc/secret"), gateway.exists("data/secret")]).toEqual([false, false]);
  });
});
