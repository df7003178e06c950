import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeShell, Scratch } from "./support/scratch";

// Raw sockets and a network of one's own.
const root = process.getuid?.() === 0;
if (!root) console.warn("SKIPPED gwctl probe by perl: needs root");

/** Addresses that answer, one that is silent (the other end of a cable), and no way to any other. */
const NETWORK = `
ip link set lo up
ip address add 10.10.0.2/32 dev lo
ip address add 10.10.0.3/32 dev lo
for i in $(seq 1 250); do echo "address add 10.20.1.$i/32 dev lo"; done | ip -batch -
ip -6 address add fd00::2/128 dev lo nodad
ip -6 address add fd00:20::100/128 dev lo nodad
ip link add cable type veth peer name end
ip link set cable up
ip link set end up
ip route add 10.30.0.0/16 dev cable
ip neighbour add 10.30.0.1 lladdr 02:00:00:00:00:01 dev cable
`;

(root ? describeShell : describe.skip)("gwctl probe by perl", () => {
  let gateway: Scratch;
  beforeEach(() => {
    gateway = new Scratch();
    const bin = join(gateway.root, "usr/bin");
    mkdirSync(bin, { recursive: true });
    symlinkSync("/usr/bin/perl", join(bin, "perl"));
  });
  afterEach(() => {
    gateway.dispose();
  });

  /** What a script printed in that network; $GWCTL runs gwctl. */
  function inNetwork(script: string): string[] {
    const file = join(gateway.base, "network");
    writeFileSync(file, `set -e\n${NETWORK}\n${script}`);
    const { status, stdout, stderr } = spawnSync("unshare", ["--net", "bash", file], {
      env: {
        ...process.env,
        GWCTL: gateway.gwctl(),
        GWCTL_ROOT: gateway.root,
        FAKE: gateway.fake,
      },
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    return stdout.trimEnd().split("\n").sort();
  }

  /** Lines of a probe without the time that it took. */
  const verdicts = (lines: string[]): string[] =>
    lines.map((line) => line.replace(/ [\d.]+$/, " ms"));

  const PROBES: [name: string, source: string, target: string][] = [
    ["west", "10.10.0.2", "10.20.1.1"],
    ["east", "10.10.0.3", "10.20.1.1"],
    ["silent", "10.10.0.2", "10.30.0.1"],
    ["unrouted", "10.10.0.2", "10.40.0.1"],
    ["alien", "192.0.2.1", "10.20.1.1"],
    ["six", "fd00::2", "fd00:20::100"],
    ["sixunrouted", "fd00::2", "fd00:30::100"],
  ];
  const list = (probes: readonly (readonly string[])[]): string =>
    `<<'END'\n${probes.map((probe) => probe.join(" ")).join("\n")}\nEND\n`;

  test("finds what ping finds", () => {
    const ours = verdicts(inNetwork(`$GWCTL probe ${list(PROBES)}`));
    expect(ours).toEqual([
      "alien error ping: bind: Cannot assign requested address",
      "east 3 3 ms",
      "silent 3 0 -",
      "six 3 3 ms",
      "sixunrouted 3 0 -",
      "unrouted 3 0 -",
      "west 3 3 ms",
    ]);
    const theirs = inNetwork(
      `while read -r name source target; do
        said=$(ping -n -q -c 3 -i 0.2 -w 2 -I "$source" "$target" 2>&1) || true
        received=$(sed -n 's/.* transmitted, \\([0-9]*\\) received.*/\\1/p' <<<"$said")
        echo "$name \${received:-none}"
      done ${list(PROBES)}`,
    );
    // Where nothing leads, ping of Linux ends before it has sent one; that of OpenBSD goes on.
    const received = (line: string): string => line.split(" ")[2] ?? "";
    for (const [index, line] of theirs.entries()) {
      const [name, answers] = line.split(" ");
      expect([name, answers === "none" ? "0" : answers]).toEqual([
        ours[index]?.split(" ")[0],
        (ours[index] ?? "").includes("error") ? "0" : received(ours[index] ?? ""),
      ]);
    }
  });

  test("asks each of five hundred, and none of them for another", () => {
    const many = Array.from({ length: 500 }, (_, i) => [
      `t${i}`,
      `10.10.0.${2 + (i % 2)}`,
      i % 10 === 9 ? `10.40.0.${(i % 250) + 1}` : `10.20.1.${(i % 250) + 1}`,
    ]);
    const lines = verdicts(inNetwork(`$GWCTL probe ${list(many)}`));
    expect(lines).toEqual(
      many.map(([name], i) => `${name} 3 ${i % 10 === 9 ? "0 -" : "3 ms"}`).sort(),
    );
  });

  /** A host at 10.30.0.2 that sends echo replies to the gateway as `loop` has it, by answer(ID, NUMBER, DATA). */
  const answering = (loop: string) => `perl -MSocket -e '
    socket(my $socket, AF_INET, SOCK_RAW, 1) or die;
    bind($socket, pack_sockaddr_in(0, inet_aton("10.30.0.2"))) or die;
    my $to = pack_sockaddr_in(0, inet_aton("10.10.0.2"));
    sub answer {
      my $body = pack("nna*", @_);
      my $sum = unpack("%32n*", $body);
      $sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16;
      send($socket, pack("CCn", 0, 0, ~$sum & 0xffff) . $body, 0, $to);
    }
    ${loop}'`;

  test("takes no answer to another program's request for its own", () => {
    // Answers with every id again and again, without the data of the request.
    const forger = answering(`while (1) { answer($_, 0, "\\0" x 56) for 0 .. 65535 }`);
    const lines = inNetwork(
      `echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all
      ip address add 10.30.0.2/32 dev lo
      ${forger} & $GWCTL probe ${list([["silent", "10.10.0.2", "10.30.0.2"]])} kill $!`,
    );
    expect(lines).toEqual(["silent 3 0 -"]);
  });

  test("takes no answer of one peer for that of another", () => {
    // West sees the request that it gets, and answers with every number that another probe may have.
    const forger = answering(
      `while (defined recv($socket, my $packet, 2048, 0)) {
        my ($type, undef, undef, $id, undef, $data) = unpack("CCnnna*", substr($packet, 20));
        next if $type != 8;
        answer($id, $_, $data) for 0 .. 20;
      }`,
    );
    const lines = inNetwork(
      `echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all
      ip address add 10.30.0.2/32 dev lo
      ${forger} & sleep 1
      $GWCTL probe ${list([
        ["west", "10.10.0.2", "10.30.0.2"],
        ["east", "10.10.0.2", "10.30.0.1"],
      ])} kill $!`,
    );
    expect(verdicts(lines)).toEqual(["east 3 0 -", "west 3 3 ms"]);
  });

  test("sends nothing once a tunnel was removed that this run may know of", () => {
    // As if another run had noted it while perl starts.
    const perl = `#!/bin/bash\necho other >"$GWCTL_ROOT/var/db/gwctl/removal"\nexec /usr/bin/perl "$@"\n`;
    gateway.write("var/db/gwctl/removal", "first\n");
    rmSync(join(gateway.root, "usr/bin/perl"));
    gateway.write("usr/bin/perl", perl);
    chmodSync(join(gateway.root, "usr/bin/perl"), 0o755);
    expect(inNetwork(`$GWCTL probe ${list([["west", "10.10.0.2", "10.20.1.1"]])}`)).toEqual([
      "west error ping: not sent, as a tunnel was removed meanwhile",
    ]);
  });
});
