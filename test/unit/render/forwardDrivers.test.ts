import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type DriverName,
  forwardScript,
  foundationScript,
} from "../../../render/perimeter/drivers";
import type { Forward } from "../../../contract/perimeter";
import { marked } from "../../../render/perimeter/marks";
import { describeWith } from "../support/tools";
import { Box } from "./support/box";

const udp: Forward = {
  name: "udp-500",
  machine: "gw-test",
  protocol: "udp",
  port: 500,
  outside: { interface: "ext0", address: "198.51.100.1" },
  target: "10.10.0.2",
  sources: ["198.51.100.11", "198.51.100.12", "198.51.100.11", "2001:db8::11"],
};
const esp: Forward = { ...udp, name: "esp", protocol: "esp", port: undefined };
const v6: Forward = {
  ...udp,
  name: "udp-4500",
  port: 4500,
  outside: { interface: "ext0", address: "2001:db8::1" },
  target: "2001:db8:10::2",
};

const LINKS = [
  "ip link add ext0 type veth peer name far",
  "ip link set ext0 up",
  "ip addr add 198.51.100.1/24 dev ext0",
  "ip addr add 2001:db8::1/64 dev ext0 nodad",
];

interface Kind {
  readonly driver: "nftables" | "iptables";
  readonly programs: readonly string[];
  /** The owner's own rules, as commands. */
  readonly owner: readonly string[];
  readonly listing: string;
  /** Rules by hand in the way of UDP 500, by what makes them so, and how they are named. */
  readonly byHand: readonly [what: string, add: string, named: RegExp][];
  /** Rules by hand that are about something else. */
  readonly harmless: readonly string[];
  readonly target: (forward: Forward) => string;
  /** What a boot does, after everything loaded is gone. */
  readonly boot: readonly string[];
  /** Somebody removes the forward. */
  readonly sabotage: string;
  /** A file of the owner's that has a line of ours, below /etc. */
  readonly ownersFile?: string;
}

const nat = "chain pre { type nat hook prerouting priority dstnat;";
const kinds: Kind[] = [
  {
    driver: "nftables",
    programs: ["nft"],
    owner: [
      `printf '#!/usr/sbin/nft -f\\nflush ruleset\\ntable ip nat {\\n  chain post { type nat hook postrouting priority srcnat; oifname "ext0" masquerade; }\\n}' >/etc/nftables.conf`,
      "nft -f /etc/nftables.conf",
    ],
    listing: "nft list ruleset",
    byHand: [
      [
        "the same port",
        `nft 'table ip hand { ${nat} udp dport 500 dnat to 10.10.0.99; }; }'`,
        /ip hand pre: udp dport 500 dnat to 10\.10\.0\.99/,
      ],
      [
        "a set of ports",
        `nft 'table ip hand { ${nat} iifname "ext0" udp dport { 500, 4500 } dnat to 10.10.0.99; }; }'`,
        /dnat to 10\.10\.0\.99/,
      ],
      [
        "everything for the address",
        `nft 'table ip hand { ${nat} ip daddr 198.51.100.1 dnat to 10.10.0.99; }; }'`,
        /dnat to 10\.10\.0\.99/,
      ],
      [
        "a range that ends with it, by th dport",
        `nft 'table ip hand { ${nat} meta l4proto udp th dport 400-500 dnat to 10.10.0.99; }; }'`,
        /dnat to 10\.10\.0\.99/,
      ],
      [
        "one of the peers, and a range that begins with the port",
        `nft 'table ip hand { ${nat} ip saddr 198.51.100.12 udp dport 500-600 redirect to :5000; }; }'`,
        /redirect to/,
      ],
      ...[
        ["a concatenation", "ip daddr . udp dport { 198.51.100.1 . 500 } dnat ip to 10.10.0.99"],
        [
          "a concatenation with the interface",
          'iifname . udp dport { "ext0" . 500 } dnat ip to 10.10.0.99',
        ],
        ["a map of ports", "dnat ip to udp dport map { 500 : 10.10.0.99 }"],
        [
          "a map of ports to ports",
          "dnat ip addr . port to udp dport map { 500 : 10.10.0.99 . 501 }",
        ],
        ["a map of addresses", "dnat ip to ip daddr map { 198.51.100.1 : 10.10.0.99 }"],
        ["a map of networks", "dnat ip prefix to ip daddr map { 198.51.100.0/24 : 10.10.0.0/24 }"],
        ["a comparison of ports", "udp dport >= 500 dnat ip to 10.10.0.99"],
        [
          "a comparison of addresses",
          "ip daddr >= 198.51.100.0 udp dport 500 dnat ip to 10.10.0.99",
        ],
        [
          "a comment about others",
          'udp dport 500 dnat ip to 10.10.0.99 comment "ip daddr 198.51.100.2 udp dport 22"',
        ],
      ].map(([what = "", rule = ""]): [string, string, RegExp] => [
        what,
        `nft 'table inet hand { ${nat} ${rule}; }; }'`,
        /inet hand pre: .*dnat ip /,
      ]),
      [
        "a proxy on this machine",
        "nft 'table inet hand { chain pre { type filter hook prerouting priority mangle; udp dport 500 tproxy ip to 127.0.0.1:500; }; }'",
        /tproxy/,
      ],
    ],
    harmless: [
      'iifname . udp dport { "int0" . 53 } accept',
      'tcp dport 500 dnat ip to 10.10.0.99 comment "udp dport 500"',
      "tcp dport 500 dnat to 10.10.0.99",
      "udp dport { 53, 400-499, 501-600 } dnat to 10.10.0.99",
      'iifname "int0" udp dport 500 dnat to 10.10.0.99',
      "ip daddr 198.51.100.2 udp dport 500 dnat to 10.10.0.99",
      "ip saddr 203.0.113.9 udp dport 500 dnat to 10.10.0.99",
      "ct status dnat accept",
    ].map((rule) => `nft 'table ip hand { ${nat} ${rule}; }; }'`),
    target: ({ target }) => `to ${target}`,
    boot: ["nft flush ruleset", "nft -f /etc/nftables.conf"],
    sabotage: "nft flush chain inet openbsd-ipsec-gateway gw-test.udp-500",
    ownersFile: "nftables.conf",
  },
  {
    driver: "iptables",
    programs: ["iptables"],
    owner: ["iptables -w -t nat -A POSTROUTING -o ext0 -j MASQUERADE"],
    listing: "iptables -w -t nat -S",
    byHand: [
      [
        "the same port",
        "iptables -t nat -A PREROUTING -p udp --dport 500 -j DNAT --to-destination 10.10.0.99",
        /-A PREROUTING -p udp -m udp --dport 500 -j DNAT --to-destination 10\.10\.0\.99/,
      ],
      [
        "several ports, and a range that begins with it",
        "iptables -t nat -A PREROUTING -i ext0 -p udp -m multiport --dports 53,500:600,4500 -j DNAT --to-destination 10.10.0.99",
        /10\.10\.0\.99/,
      ],
      [
        "everything for the address",
        "iptables -t nat -A PREROUTING -d 198.51.100.1 -j DNAT --to-destination 10.10.0.99",
        /10\.10\.0\.99/,
      ],
      [
        "one of the peers, and a range that ends with the port",
        "iptables -t nat -A PREROUTING -s 198.51.100.12 -p udp --dport 400:500 -j REDIRECT --to-ports 5000",
        /REDIRECT/,
      ],
    ],
    harmless: [
      "-p tcp --dport 500",
      "-p udp -m multiport --dports 400:499,501:600",
      "-i int0 -p udp --dport 500",
      "-d 198.51.100.2 -p udp --dport 500",
      "-s 203.0.113.9 -p udp --dport 500",
    ].map((match) => `iptables -t nat -A PREROUTING ${match} -j DNAT --to-destination 10.10.0.99`),
    target: ({ target }) => `--to-destination ${target}`,
    boot: [
      "iptables -t nat -F; iptables -t nat -X; iptables -w -t nat -A POSTROUTING -o ext0 -j MASQUERADE",
      "for hook in /etc/network/if-up.d/*; do $hook; done",
    ],
    sabotage: "iptables -t nat -F PREROUTING",
  },
];

for (const kind of kinds) {
  const { driver, listing: list } = kind;
  describeWith(
    ...kind.programs,
    "ip",
    "conntrack",
  )(`a forward by ${driver}`, () => {
    let box: Box;
    const foundation = () => foundationScript(driver, "gw-test", udp.outside);
    const apply = (forward: Forward) => box.script(forwardScript(driver, forward), "apply");
    const remove = (forward: Forward) => box.script(forwardScript(driver, forward), "remove");
    const state = (forward: Forward) => box.script(forwardScript(driver, forward), "state").trim();
    const listing = () => box.ok(list);

    beforeEach(() => {
      box = new Box([...LINKS, ...kind.owner]);
      box.script(foundation(), "apply");
    });
    afterEach(() => {
      box.close();
    });

    it("is for the peers only, with the source kept, and carries our name", () => {
      apply(udp);
      const rules = listing();
      expect(rules).toContain(kind.target(udp));
      expect(rules).toMatch(/198\.51\.100\.11/);
      expect(rules).toMatch(/198\.51\.100\.12/);
      expect(rules).not.toContain("2001:db8::11");
      expect(rules).toContain("gw-test udp-500");
      expect(rules).toContain("openbsd-ipsec-gateway");
    });

    it("is the same after a second time, and follows a change", () => {
      apply(udp);
      const once = listing();
      apply(udp);
      expect(listing()).toBe(once);
      apply({ ...udp, sources: ["198.51.100.12"] });
      expect(listing()).not.toContain("198.51.100.11");
      expect(state({ ...udp, sources: ["198.51.100.12"] })).toBe("present");
    });

    it("opens nothing when there is no peer, and everything only when asked to", () => {
      apply({ ...udp, sources: [] });
      expect(listing()).not.toContain(kind.target(udp));
      apply({ ...udp, sources: ["any"] });
      expect(listing()).toContain(kind.target(udp));
      expect(listing()).not.toMatch(/saddr|-s 198/);
    });

    it("is open to everybody of IPv6 too, where only the gateway knows the peer's address", () => {
      const open: Forward = { ...v6, sources: ["any"] };
      apply(open);
      expect(state(open)).toBe("present");
      expect(state({ ...open, sources: ["2001:db8::11"] })).not.toBe("present");
      remove(open);
      expect(state(open)).not.toBe("present");
    });

    it("takes networks, and one that lies in another only once", () => {
      apply({ ...udp, sources: ["198.51.100.0/24", "198.51.100.11", "203.0.113.0/25"] });
      expect(listing()).toContain("198.51.100.0/24");
      expect(listing()).not.toContain("198.51.100.11");
    });

    it("goes alone, and everything of ours with the last one", () => {
      const before = new Box([...LINKS, ...kind.owner]);
      const untouched = before.ok(list);
      before.close();
      apply(udp);
      apply(esp);
      remove(udp);
      expect(listing()).not.toContain("gw-test udp-500");
      expect(listing()).toContain("gw-test esp");
      remove(esp);
      remove(esp);
      box.script(foundation(), "remove");
      expect(listing()).toBe(untouched);
      expect(box.has("openbsd-ipsec-gateway")).toBe(false);
      expect(box.ok("ls /etc/network/if-up.d")).toBe("");
    });

    it("leaves every file as it was, or as it was meant to be, when the disk is full", () => {
      const script = forwardScript(driver, udp);
      const files = () => box.ok("find /etc -type f -exec cksum {} + | sort -k 3");
      // More than what the removal of our own files makes free.
      if (kind.ownersFile) {
        const comments = "# by the owner\\n".repeat(4000);
        box.ok(`printf '${comments}' >>/etc/${kind.ownersFile}`);
      }
      const steps = [
        ["apply", script],
        ["remove", script],
      ] as const;
      for (const [verb, text] of steps) {
        if (verb === "remove") box.script(foundation(), "apply");
        if (verb === "remove") apply(udp);
        const owner = kind.ownersFile && box.file(kind.ownersFile);
        const meant = verb === "apply" ? owner : owner?.replace(/^include .*\n/m, "");
        let ended: number | null = 1;
        for (let pages = 0; ended !== 0; pages += 1) {
          const { status, stderr } = box.onFullDisk(text, verb, pages);
          ended = status;
          if (pages === 0 && kind.ownersFile) expect(status).not.toBe(0);
          if (status !== 0) expect(stderr).toMatch(/make room|No space left|stopped at/);
          if (kind.ownersFile) expect(box.file(kind.ownersFile)).toBe(status === 0 ? meant : owner);
          expect(files()).not.toMatch(/\.new$/m);
          expect(pages).toBeLessThan(50);
        }
      }
    });

    it("does not believe a program that says nothing of what it could not write", () => {
      const { ownersFile } = kind;
      if (ownersFile === undefined) return;
      apply(udp);
      const owner = box.file(ownersFile);
      // It writes one line of the rest and ends well.
      const fake = `#!/bin/sh\ncase $1 in -vxF) head -n 1 "$3" ;; *) exec /usr/bin/grep "$@" ;; esac\n`;
      box.ok("mkdir /etc/bin && cat >/etc/bin/grep && chmod 755 /etc/bin/grep", fake);
      const { status, stderr } = box.sh(
        "PATH=/etc/bin:$PATH sh -s remove",
        forwardScript(driver, udp),
      );
      expect([status, box.file(ownersFile)]).toEqual([1, owner]);
      expect(stderr).toMatch(
        /nftables\.conf could not be written whole, and is as before: make room/,
      );
      expect(box.has(`${ownersFile}.new`)).toBe(false);
      remove(udp);
      expect(box.file(ownersFile)).not.toContain("openbsd-ipsec-gateway");
    });

    it("is there again after a boot, exactly as before", () => {
      apply(udp);
      apply(esp);
      // In the order of the files' names now.
      const sorted = () => listing().split("\n").sort();
      const before = sorted();
      for (const command of kind.boot) box.ok(command);
      expect(sorted()).toEqual(before);
      expect(state(udp)).toBe("present");
    });

    it("lets a peer in that knocked before there was a forward, and keeps the flows that pass", () => {
      const flow = "-p udp -s 198.51.100.11 --sport 500 --dport 500 --timeout 60";
      box.sh(`conntrack -I ${flow} -d 198.51.100.1`);
      box.sh(`conntrack -I ${flow.replace("11", "12")} -d 198.51.100.1 --dst-nat 10.10.0.2`);
      expect(box.ok("conntrack -L 2>/dev/null")).toMatch(/src=198\.51\.100\.11 /);
      apply(udp);
      const flows = box.ok("conntrack -L 2>/dev/null");
      expect(flows).not.toMatch(/src=198\.51\.100\.11 /);
      expect(flows).toMatch(/src=198\.51\.100\.12 /);
    });

    it("gives the gateway its own port back, which such a knock had taken", () => {
      const rewritten = "--sport 500 --dport 500 --timeout 60";
      const out = "-p udp -s 10.10.0.2 -d 198.51.100.11";
      box.sh(`conntrack -I ${out} ${rewritten} --src-nat 198.51.100.1:12716`);
      const back = "-p udp -s 198.51.100.11 -d 198.51.100.1";
      box.sh(`conntrack -I ${back} ${rewritten} --dst-nat 10.10.0.2 --src-nat 198.51.100.11:10502`);
      const kept = "-p udp -s 10.10.0.2 -d 198.51.100.12";
      box.sh(`conntrack -I ${kept} ${rewritten} --src-nat 198.51.100.1:500`);
      const others = "-p udp -s 10.10.0.3 -d 198.51.100.11";
      box.sh(`conntrack -I ${others} ${rewritten} --src-nat 198.51.100.1:999`);
      const flows = () =>
        box.ok("conntrack -L 2>/dev/null | awk '{ print $4, $5 }' | sort").trim().split("\n");
      expect(flows()).toHaveLength(4);
      apply(udp);
      expect(flows()).toEqual([
        "src=10.10.0.2 dst=198.51.100.12",
        "src=10.10.0.3 dst=198.51.100.11",
      ]);
    });

    it("lets ESP in that came before there was a forward", () => {
      box.sh("conntrack -I -p 50 -s 198.51.100.11 -d 198.51.100.1 --timeout 60");
      box.sh(
        "conntrack -I -p 50 -s 198.51.100.12 -d 198.51.100.1 --dst-nat 10.10.0.2 --timeout 60",
      );
      const flows = () => box.ok("conntrack -L -p 50 2>/dev/null");
      expect(flows()).toMatch(/src=198\.51\.100\.11 /);
      apply(esp);
      expect(flows()).not.toMatch(/src=198\.51\.100\.11 /);
      expect(flows()).toMatch(/src=198\.51\.100\.12 /);
    });

    it("leaves the mark of its last run, as long as it is there itself", () => {
      box.script(marked("m1", forwardScript(driver, udp)), "apply");
      expect(state(udp)).toBe("present\t\nmark\tm1");
      remove(udp);
      expect(state(udp)).not.toContain("mark");
    });

    it("reads back what is there, not there, altered and not kept", () => {
      expect(state(udp)).toMatch(/^missing\t/);
      apply(udp);
      expect(state(udp)).toBe("present");
      expect(state({ ...udp, target: "10.10.0.22" })).toMatch(/^unkept\t/);
      box.ok(kind.sabotage);
      expect(state(udp)).toMatch(/^(missing|changed)\t/);
      apply(udp);
      expect(state(udp)).toBe("present");
    });

    it.each(kind.byHand)(
      "names a rule by hand for %s, and changes nothing",
      (_what, add, named) => {
        box.ok(add);
        const before = listing();
        expect(box.refusal(forwardScript(driver, udp))).toMatch(named);
        expect(listing()).toBe(before);
        expect(state(udp)).toMatch(/^foreign\t/);
      },
    );

    it("does not mind rules that are about something else", () => {
      for (const add of kind.harmless) box.ok(add);
      apply(udp);
      expect(state(udp)).toBe("present");
    });

    it("handles ESP and IPv6", () => {
      apply(esp);
      expect(listing()).toContain(kind.target(esp));
      expect(state(esp)).toBe("present");
      apply(v6);
      expect(state(v6)).toBe("present");
    });

    it("refuses before anything is added what cannot work", () => {
      const refused = (outside: Forward["outside"]) =>
        box.refusal(foundationScript(driver, "gw-test", outside));
      expect(refused({ interface: "wan7", address: "198.51.100.1" })).toMatch(
        /^perimeter: wan7 is no interface of this machine, which has .*ext0.*: correct perimeter\.outside\.interface$/,
      );
      expect(refused({ interface: "ext0", address: "203.0.113.1" })).toMatch(
        /^perimeter: 203\.0\.113\.1 is on no interface .* ext0 has 198\.51\.100\.1\/24/,
      );
      const hidden = foundation().replaceAll(
        `for tool in ${driver === "nftables" ? "nft" : "iptables"}`,
        "for tool in no-such-tool",
      );
      expect(box.refusal(hidden)).toMatch(/no-such-tool is not installed here: install/);
    });

    it("says so when it may not, in one line", () => {
      const { status, stderr } = box.sh(
        "setpriv --reuid 65534 --clear-groups sh -s apply",
        foundation(),
      );
      expect(status).not.toBe(0);
      expect(stderr).toBe("perimeter: nobody may not change this machine: log in as root\n");
    });
  });
}

describeWith("nft", "ip")("the file that nftables loads at boot", () => {
  const driver: DriverName = "nftables";
  const TEXT = "table ip nat {\n  chain post { type nat hook postrouting priority srcnat; }\n}";

  it.each([
    ["with an end of its last line", `${TEXT}\n`],
    ["without one", TEXT],
  ])("is byte for byte as before after all is removed, %s", (_what, text) => {
    const box = new Box(LINKS);
    writeFileSync(join(box.etc, "nftables.conf"), text, { mode: 0o755 });
    const script = foundationScript(driver, "gw-test", udp.outside);
    box.script(script, "apply");
    box.script(script, "apply");
    expect(box.file("nftables.conf").match(/include/g)).toHaveLength(1);
    expect(box.script(script, "state").trim()).toBe("present");
    box.script(forwardScript(driver, udp), "apply");
    box.script(script, "remove");
    expect(box.file("nftables.conf")).toContain("include");
    box.script(forwardScript(driver, udp), "remove");
    expect(box.file("nftables.conf")).toBe(text);
    expect(box.ok("stat -c %a /etc/nftables.conf").trim()).toBe("755");
    box.close();
  });

  it("keeps what the owner changed in it meanwhile", () => {
    const box = new Box(LINKS);
    writeFileSync(join(box.etc, "nftables.conf"), `${TEXT}\n`);
    const script = foundationScript(driver, "gw-test", udp.outside);
    box.script(script, "apply");
    box.ok("echo '# mine' >>/etc/nftables.conf");
    box.script(script, "remove");
    expect(box.file("nftables.conf")).toBe(`${TEXT}\n# mine\n`);
    box.close();
  });

  it("is left alone when it does not load, and has to be there", () => {
    const box = new Box(LINKS);
    expect(box.refusal(foundationScript(driver, "gw-test", udp.outside))).toMatch(
      /no ruleset is loaded at boot here \(\/etc\/nftables\.conf/,
    );
    writeFileSync(join(box.etc, "nftables.conf"), "table ip {\n");
    expect(box.refusal(foundationScript(driver, "gw-test", udp.outside))).toMatch(/does not load/);
    expect(box.file("nftables.conf")).toBe("table ip {\n");
    box.close();
  });
});
