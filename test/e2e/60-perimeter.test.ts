import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  drift,
  expectKeptOverReboot,
  expectRestored,
  onFirewall,
  path,
  up,
} from "./support/firewall";
import { lab, labOk, onGateway, ROOT, run, verify } from "./support/lab";
import { ownStack, upOk } from "./support/ownStack";
import { editStack, type Values } from "./support/stackFile";

const TABLE = "inet openbsd-ipsec-gateway";
const MINE = "perimeter";

const restore = ownStack();

describe("the forwards on an nftables firewall", () => {
  it("come back after one was removed by hand, which drift and path name", () =>
    expectRestored("udp-500", () =>
      onFirewall("nft", "delete", "chain", ...TABLE.split(" "), "gw-test.udp-500"),
    ));

  it("hide nothing that was changed on the gateway, when their machine cannot be asked", async () => {
    const chain =
      "chain in { type filter hook input priority -5; tcp dport 22 reject with tcp reset; }";
    await onFirewall("nft", `table ip fault { ${chain}; }`);
    const kept = "/root/sysctl.conf.kept";
    await onGateway(`cp -p /etc/sysctl.conf ${kept} && echo '# by hand' >>/etc/sysctl.conf`);
    try {
      const unreached = [expect.stringContaining("10.10.0.1") as string];
      expect(await drift()).toMatchObject({
        code: 1,
        findings: [{ what: "/etc/sysctl.conf", problem: "was changed" }],
        unknown: unreached,
      });
      await onGateway(`mv ${kept} /etc/sysctl.conf`);
      expect(await drift()).toMatchObject({ code: 2, findings: [], unknown: unreached });
    } finally {
      await onGateway(`[ ! -e ${kept} ] || mv ${kept} /etc/sysctl.conf`);
      await onFirewall("nft", "delete table ip fault");
    }
  });

  it("leave the ruleset of the boot whole when the last of them goes and the disk is full", async () => {
    const sh = (text: string) => onFirewall("sh", "-c", text);
    const conf = () => sh("cat /etc/nftables.conf");
    await sh(
      [
        "mount -t tmpfs -o size=2m none /mnt && cp -a /etc/. /mnt/ && mount --bind /mnt /etc",
        "yes '# by the owner' | head -n 20000 >>/etc/nftables.conf",
        "dd if=/dev/zero of=/etc/fill bs=4k 2>/dev/null || true",
      ].join("; "),
    );
    try {
      const before = await conf();
      editStack((values) => {
        values.delete("perimeter");
      });
      const { code, output } = await up();
      expect([code === 0, await conf()]).toEqual([false, before]);
      expect(output).toMatch(
        /nftables\.conf could not be written whole, and is as before: make room/,
      );
      await sh("rm /etc/fill");
      await upOk();
      expect(await conf()).toBe(before.replace(/^include .*\n/m, ""));
    } finally {
      await sh("umount /etc && umount /mnt");
      restore();
    }
    await upOk();
    expect(await drift()).toMatchObject({ code: 0, findings: [] });
  });

  it("are there again when it has booted", async () => {
    await expectKeptOverReboot();
    expect((await verify()).code).toBe(0);
  });
});

describe("path, from a peer's side", () => {
  let directory: string;
  let sshd: ChildProcess;

  const port = "2222";
  const from = (host: string) => [
    ...["--from", `root@${host}:${port}`, "--identity", join(ROOT, ".lab/keys/admin")],
    ...["--known-hosts", join(directory, "known_hosts")],
  ];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "outside-"));
    const key = join(directory, "key");
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const [kind, text] = readFileSync(`${key}.pub`, "utf8").split(" ");
    writeFileSync(
      join(directory, "known_hosts"),
      `[198.51.100.11]:${port} ${kind ?? ""} ${text ?? ""}\n`,
    );
    const options = [
      ...[`Port ${port}`, "ListenAddress 198.51.100.11", `HostKey ${key}`, "UsePAM no"],
      ...["PidFile none", "StrictModes no", `AuthorizedKeysFile ${ROOT}/.lab/keys/admin.pub`],
    ];
    sshd = spawn(
      join(ROOT, "scripts/lab"),
      [
        ...["on", "west", "/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null"],
        ...options.flatMap((option) => ["-o", option.replace(" ", "=")]),
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    await new Promise((resolve, reject) => {
      sshd.once("exit", reject);
      sshd.stderr?.on("data", (chunk: Buffer) => {
        if (chunk.toString().includes("Server listening")) resolve(undefined);
      });
    });
  });

  afterAll(() => {
    sshd.removeAllListeners("exit");
    sshd.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  it("sees that datagrams arrive as they were sent", async () => {
    const { code, rows, notes } = await path(...from("198.51.100.11"));
    expect([code, notes]).toEqual([0, []]);
    for (const check of ["udp-500", "udp-4500"]) {
      expect(rows[check]).toMatchObject({
        result: "ok",
        seen: "a datagram of 198.51.100.11 arrived",
      });
    }
    expect(rows.source?.result).toBe("ok");
    expect(rows["mtu west"]).toMatchObject({ result: "ok" });
  });

  it("names a firewall that hides sources, and a way too narrow for the clamp", async () => {
    const fault = "table ip fault { chain in { type nat hook postrouting priority 90; ";
    const rule = 'oifname "int0" ip daddr 10.10.0.2 udp dport { 500, 4500 } masquerade; }; }';
    await onFirewall("nft", fault + rule);
    await labOk("on", "west", "ip", "link", "set", "wan0", "mtu", "1300");
    try {
      const { code, rows } = await path(...from("198.51.100.11"));
      expect(code).toBe(1);
      expect(rows.source).toMatchObject({
        result: "wrong",
        seen: "198.51.100.11 reaches the gateway as 10.10.0.1",
      });
      expect(rows["mtu west"]?.result).toBe("wrong");
      expect(rows["mtu east"]?.result).toBe("ok");
    } finally {
      await lab("on", "west", "ip", "link", "set", "wan0", "mtu", "1500");
      await onFirewall("nft", "delete table ip fault");
    }
  });
});

describe("a route on the firewall", () => {
  let routes: string[];

  // The LAN's own machines know the gateway: these forget it.
  beforeAll(async () => {
    const { stdout } = await labOk("on", "lan", "ip", "route", "show", "via", "10.10.0.2");
    routes = stdout.split("\n").flatMap((line) => /^(\S+)/.exec(line)?.[1] ?? []);
    expect(routes.length).toBeGreaterThan(0);
    for (const route of routes) await labOk("on", "lan", "ip", "route", "del", route);
  });

  afterAll(async () => {
    for (const route of routes) {
      await labOk("on", "lan", "ip", "route", "replace", route, "via", "10.10.0.2");
    }
  });

  const reached = async () =>
    (await lab("on", "lan", "ping", "-n", "-q", "-c", "3", "-W", "2", "10.20.1.100")).code === 0;
  const routed = () => onFirewall("ip", "route", "show", "10.20.1.0/24");

  it("is what a LAN host reaches the remote network by; both go with the tunnel", async () => {
    expect(await reached()).toBe(false);
    editStack((values) => {
      values.set("perimeter.routes", true);
      // The firewall reaches itself: its log tells who came.
      values.set("perimeter.connection.proxy", {
        host: "10.10.0.1",
        identityFile: ".lab/keys/admin",
      });
    });
    await upOk();
    expect(await routed()).toMatch(/via 10\.10\.0\.2/);
    expect(await reached()).toBe(true);
    expect(readFileSync(join(ROOT, ".lab/log/firewall.log"), "utf8")).toMatch(
      /Accepted publickey for root from 10\.10\.0\.1 /,
    );
    await expectKeptOverReboot();
    expect(await routed()).toMatch(/via 10\.10\.0\.2/);

    editStack((values) => {
      values.set("tunnels.0.enabled", false);
    });
    await upOk();
    expect(await routed()).toBe("");
    expect(await onFirewall("ip", "route", "show", "10.20.2.0/24")).toMatch(/via 10\.10\.0\.2/);
    restore();
  });
});

// Every one leaves the gateway complete, and says one thing.
const BAD: [name: string, edit: (values: Values) => void, said: RegExp][] = [
  [
    "a firewall that is not there",
    (values) => {
      values.set(`${MINE}.connection.host`, "10.10.0.99");
      values.set(`${MINE}.connection.connectTimeout`, 5);
    },
    /10\.10\.0\.99/,
  ],
  [
    "another host key",
    (values) => {
      const other =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";
      values.set(`${MINE}.connection.hostKey`, other);
    },
    /host key/i,
  ],
  [
    "a user that may not log in",
    (values) => {
      values.set(`${MINE}.connection.user`, "nobody");
    },
    /nobody|authenticat|permission denied/i,
  ],
  [
    "an interface that is not there",
    (values) => {
      values.set(`${MINE}.outside.interface`, "ext9");
    },
    /ext9 is no interface of this machine, which has .*ext0.*: correct perimeter\.outside\.interface/,
  ],
  [
    "an address that is another's",
    (values) => {
      values.set(`${MINE}.outside.address`, "198.51.100.77");
      values.set("network.publicAddress", "198.51.100.77");
    },
    /198\.51\.100\.77 is on no interface of this machine; ext0 has 198\.51\.100\.1\/24: correct/,
  ],
];

describe("what is wrong with the firewall", () => {
  let ttl = 70;

  test.each(BAD)("%s harms nothing on the gateway", async (_name, edit, said) => {
    const line = `net.inet.ip.ttl=${++ttl}`;
    editStack((values) => {
      edit(values);
      values.set("system.sysctls", { "net.inet.ip.ttl": ttl });
    });
    try {
      const { code, output } = await up();
      expect(code).not.toBe(0);
      expect(output).toMatch(said);
      expect((await onGateway("cat /etc/sysctl.conf")).stdout).toContain(line);
    } finally {
      restore();
    }
  });

  it("is over with the next run", async () => {
    await upOk();
    expect(await drift()).toMatchObject({ code: 0, findings: [] });
    expect((await verify()).code).toBe(0);
  });
});

describe("a firewall that is left again", () => {
  const state = async () => ({
    ruleset: await onFirewall("nft", "list", "ruleset"),
    boot: await onFirewall("cat", "/etc/nftables.conf"),
    files: await onFirewall("find", "/etc", "-newer", "/etc/nftables.conf", "-name", "*openbsd*"),
  });

  it("is what it was to the last byte, with the owner's other rules", async () => {
    editStack((values) => {
      values.delete("perimeter");
    });
    await upOk();
    const table = "table inet owners_own { set bad { type ipv4_addr; elements = { 192.0.2.9 }; }; ";
    const chain = "chain in { type filter hook input priority 5; ip saddr @bad drop; }; }";
    await onFirewall("nft", table + chain);
    const before = await state();
    expect(before.ruleset).not.toContain(TABLE);
    restore();
    await upOk();
    expect(await onFirewall("nft", "list", "ruleset")).toContain(TABLE);
    editStack((values) => {
      values.delete("perimeter");
    });
    await upOk();
    expect(await state()).toEqual(before);
    await onFirewall("nft", "delete table inet owners_own");
    restore();
  });
});
