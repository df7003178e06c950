import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { forwardScript, foundationScript } from "../../../render/perimeter/drivers";
import type { Forward } from "../../../contract/perimeter";
import { marked } from "../../../render/perimeter/marks";
import { ANCHOR, ANCHOR_LINES } from "../../../render/perimeter/pf";
import { describeWith } from "../support/tools";
import { buildFaces, OpenbsdBox } from "./support/openbsdBox";

const udp: Forward = {
  name: "udp-500",
  machine: "gw-test",
  protocol: "udp",
  port: 500,
  outside: { interface: "em0", address: "198.51.100.1" },
  target: "10.10.0.2",
  sources: ["198.51.100.11", "203.0.113.0/26", "2001:db8::11"],
};
const esp: Forward = { ...udp, name: "esp", protocol: "esp", port: undefined };

const LINKS = [
  "ip link add em0 type veth peer name far",
  "ip link set em0 up",
  "ip addr add 198.51.100.1/24 dev em0",
];
const OWNERS = ["set skip on lo", "block all", "pass on em1", "pass out on em0"];
const PF_CONF = `${[...OWNERS, ...ANCHOR_LINES].join("\n")}\n`;

// The stand-in's pfctl: it reads the grammar of pf.conf(5) and keeps what it was told.
describeWith(
  "go",
  "nft",
  "ip",
  "conntrack",
)("a forward by pf", () => {
  let faces: string;
  let box: OpenbsdBox;
  const foundation = foundationScript("pf", "gw-test", udp.outside);
  const apply = (forward: Forward) => box.script(forwardScript("pf", forward), "apply");
  const remove = (forward: Forward) => box.script(forwardScript("pf", forward), "remove");
  const state = (forward: Forward) => box.script(forwardScript("pf", forward), "state").trim();
  const anchored = () => box.ok(`pfctl -a ${ANCHOR} -s rules`);

  beforeAll(() => {
    faces = buildFaces();
  }, 300_000);
  afterAll(() => {
    rmSync(faces, { recursive: true, force: true });
  });
  /** As its owner has it who has followed what the first run said. */
  beforeEach(() => {
    box = new OpenbsdBox(faces, LINKS);
    box.ok("mkdir -p /etc/openbsd-ipsec-gateway && : >/etc/openbsd-ipsec-gateway/pf.conf");
    writeFileSync(join(box.etc, "pf.conf"), PF_CONF);
    box.boot();
    box.script(foundation, "apply");
  });
  afterEach(() => {
    box.close();
  });

  it("lets the peers of its family in and on to the gateway, and no other host", () => {
    apply(udp);
    expect(anchored()).toMatch(
      /^pass in quick on em0 inet proto udp from <\S+> to 198\.51\.100\.1 port = 500 .*rdr-to 10\.10\.0\.2/m,
    );
    expect(anchored()).toMatch(
      /^pass out quick inet proto udp from any to 10\.10\.0\.2 port = 500 .*tagged \S+/m,
    );
    const parts = box.file("openbsd-ipsec-gateway/pf.conf");
    expect(parts).toMatch(/^table <\S+> const \{ 198\.51\.100\.11, 203\.0\.113\.0\/26 \}$/m);
    expect(parts).not.toContain("2001:db8::11");
  });

  it("is the same after a second time, and follows a change", () => {
    apply(udp);
    const once = anchored();
    apply(udp);
    expect(anchored()).toBe(once);
    const moved = { ...udp, target: "10.10.0.22" };
    apply(moved);
    expect(anchored()).not.toMatch(/rdr-to 10\.10\.0\.2$/m);
    expect(state(moved)).toBe("present");
    expect(state(udp)).toMatch(/^unkept\t/);
  });

  it("opens nothing when there is no peer, and everything only when asked to", () => {
    apply({ ...udp, sources: [] });
    expect(anchored()).toBe("");
    expect(state({ ...udp, sources: [] })).toBe("present");
    apply({ ...udp, sources: ["any"] });
    expect(anchored()).toMatch(/proto udp from any to 198\.51\.100\.1 port = 500/);
  });

  it("goes alone, and leaves pf.conf what it was", () => {
    apply(udp);
    apply(esp);
    remove(udp);
    expect(anchored()).not.toContain("udp-500");
    expect(state(esp)).toBe("present");
    remove(esp);
    remove(esp);
    box.script(foundation, "remove");
    expect(anchored()).toBe("");
    expect(box.file("pf.conf")).toBe(PF_CONF);
    // It is named there: without it the owner's own rules would not load.
    expect(box.ok("ls -A /etc/openbsd-ipsec-gateway").trim()).toBe("pf.conf");
    expect(box.file("openbsd-ipsec-gateway/pf.conf")).toBe("");
    box.boot();
  });

  it("keeps a ruleset that pf loads when the disk is full", () => {
    apply(esp);
    for (const verb of ["apply", "remove"] as const) {
      let ended: number | null = 1;
      for (let pages = 0; ended !== 0; pages += 1) {
        ended = box.onFullDisk(forwardScript("pf", udp), verb, pages).status;
        expect(box.file("openbsd-ipsec-gateway/pf.conf")).toContain("gw-test esp");
        box.ok(`pfctl -n -a ${ANCHOR} -f /etc/openbsd-ipsec-gateway/pf.conf`);
        expect(pages).toBeLessThan(50);
      }
    }
    expect(state(esp)).toBe("present");
    expect(anchored()).not.toContain("udp-500");
  });

  it("goes back to what was there when pf does not load what it accepted", () => {
    apply(esp);
    const before = [anchored(), box.file("openbsd-ipsec-gateway/pf.conf")];
    const parts = box.ok("ls /etc/openbsd-ipsec-gateway/pf");
    // As with too little memory: all may be read, and the first load fails.
    const real = "/usr/libexec/host/faces";
    box.ok("rm /etc/bin/pfctl && mkdir /etc/real && ln -s " + real + " /etc/real/pfctl");
    const fails = `case "$*" in *-n*|*-s*|*-k*) ;; *" -f "*) [ -e /etc/failed ] || { : >/etc/failed; echo "pfctl: DIOCXCOMMIT: Cannot allocate memory" >&2; exit 1; } ;; esac`;
    const fake = `#!/bin/sh\n${fails}\nexec /etc/real/pfctl "$@"\n`;
    writeFileSync(join(box.etc, "bin/pfctl"), fake, { mode: 0o755 });
    expect(box.refusal(forwardScript("pf", udp))).toMatch(/Cannot allocate memory/);
    expect([anchored(), box.file("openbsd-ipsec-gateway/pf.conf")]).toEqual(before);
    expect(box.ok("ls /etc/openbsd-ipsec-gateway/pf")).toBe(parts);
    expect(state(esp)).toBe("present");
    apply(udp);
    expect(state(udp)).toBe("present");
  });

  it("takes its file along when pf.conf does not name it any more", () => {
    apply(udp);
    remove(udp);
    writeFileSync(join(box.etc, "pf.conf"), `${OWNERS.join("\n")}\n`);
    box.script(foundation, "remove");
    expect(box.has("openbsd-ipsec-gateway")).toBe(false);
  });

  it("is there again after a boot, exactly as before", () => {
    apply(udp);
    apply(esp);
    const before = anchored();
    box.boot();
    expect(anchored()).toBe(before);
    expect([state(udp), state(esp)]).toEqual(["present", "present"]);
    expect(box.script(foundation, "state").trim()).toBe("present");
  });

  it("reads back what is there, not there and altered, and leaves the mark of its last run", () => {
    expect(state(udp)).toMatch(/^missing\t/);
    box.script(marked("m1", forwardScript("pf", udp)), "apply");
    expect(state(udp)).toBe("present\t\nmark\tm1");
    box.ok(`pfctl -a ${ANCHOR} -f -`, "");
    expect(state(udp)).toMatch(/^missing\t/);
    const altered = box.file("openbsd-ipsec-gateway/pf.conf").replace("10.10.0.2", "10.10.0.9");
    box.ok(`pfctl -a ${ANCHOR} -f -`, altered);
    expect(state(udp)).toMatch(/^changed\t.*10\.10\.0\.9/);
    apply(udp);
    expect(state(udp)).toMatch(/^present/);
    remove(udp);
    expect(state(udp)).not.toContain("mark");
  });

  it.each([
    ["the same port", "pass in on em0 proto udp to 198.51.100.1 port 500 rdr-to 10.10.0.99"],
    ["every protocol", "match in on em0 to 198.51.100.1 rdr-to 10.10.0.99"],
  ])("names a rule by hand for %s, and changes nothing", (_what, rule) => {
    writeFileSync(join(box.etc, "pf.conf"), `${rule}\n${PF_CONF}`);
    box.boot();
    expect(box.refusal(forwardScript("pf", udp))).toMatch(
      /^perimeter gw-test\.udp-500: already forwarded by another rule \(.*rdr-to 10\.10\.0\.99.*\): remove/,
    );
    expect(anchored()).toBe("");
    expect(state(udp)).toMatch(/^foreign\t.*10\.10\.0\.99/);
  });

  it.each([
    "pass in on em0 proto tcp to 198.51.100.1 port 500 rdr-to 10.10.0.99",
    "pass in on em0 proto udp to 198.51.100.1 port 53 rdr-to 10.10.0.99",
    "pass in on em0 proto udp to 198.51.100.2 port 500 rdr-to 10.10.0.99",
  ])("does not mind %s", (rule) => {
    writeFileSync(join(box.etc, "pf.conf"), `${rule}\n${PF_CONF}`);
    box.boot();
    apply(udp);
    expect(state(udp)).toBe("present");
  });

  it("asks for its lines in pf.conf, and that they are loaded", () => {
    writeFileSync(join(box.etc, "pf.conf"), `${OWNERS.join("\n")}\n`);
    expect(box.refusal(foundation)).toMatch(
      /^perimeter: \/etc\/pf\.conf does not have the anchor: add anchor "openbsd-ipsec-gateway" {2}load anchor .* after your block rules/,
    );
    box.ok("pfctl -f /etc/pf.conf");
    writeFileSync(join(box.etc, "pf.conf"), PF_CONF);
    expect(box.refusal(foundation)).toMatch(/not in force: run pfctl -f \/etc\/pf\.conf$/);
    expect(box.script(foundation, "state")).toMatch(/^missing\t/);
    box.ok("pfctl -f /etc/pf.conf");
    box.script(foundation, "apply");
  });

  it("refuses before anything is added what cannot work", () => {
    const refused = (outside: Forward["outside"]) =>
      box.refusal(foundationScript("pf", "gw-test", outside));
    expect(refused({ interface: "em7", address: "198.51.100.1" })).toMatch(
      /^perimeter: em7 is no interface of this machine, which has .*em0.*: correct perimeter\.outside\.interface$/,
    );
    expect(refused({ interface: "em0", address: "203.0.113.1" })).toMatch(
      /^perimeter: 203\.0\.113\.1 is on no interface .* em0 has 198\.51\.100\.1: correct/,
    );
    box.ok("rm /etc/bin/pfctl");
    expect(box.refusal(foundation)).toMatch(/^perimeter: pfctl is not here: write/);
  });
});
