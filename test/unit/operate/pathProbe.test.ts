import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { arrival, listener, PORTS, sender } from "../../../operate/path/probe";
import { Box } from "../render/support/box";
import { describeWith } from "../support/tools";

const LENGTH = 17;
const PORT = 45_000;

describeWith(
  "ip",
  "tcpdump",
  "perl",
  "python3",
)("a datagram to the gateway", () => {
  let box: Box;
  beforeEach(() => {
    box = new Box([
      "ip link set lo up",
      "ip addr add 198.51.100.1/32 dev lo",
      "ip addr add 2001:db8::1/128 dev lo nodad",
    ]);
  });
  afterEach(() => {
    box.close();
  });

  /** What the place says it sent, and what the gateway saw. */
  function sent(address: string, script: string): { told: string[]; seen: string[] } {
    writeFileSync(join(box.etc, "listener"), listener({ interface: "lo", address }, LENGTH, 2));
    writeFileSync(join(box.etc, "sender"), script);
    writeFileSync(join(box.etc, "another"), sender(address, PORT + 1, LENGTH + 1));
    const command = [
      ": >/run/seen; sh /etc/listener >/run/seen &",
      "until grep -q ready /run/seen; do sleep 0.1; done",
      "sh /etc/another >/dev/null && sh /etc/sender && wait && echo --- && cat /run/seen",
    ].join("\n");
    const [told = "", seen = ""] = box.ok(command).split("---\n");
    return { told: told.trim().split("\n"), seen: seen.split("\n") };
  }

  const script = (address: string) => sender(address, PORT, LENGTH);
  const withoutPerl = (address: string) =>
    script(address).replace("command -v perl", "command -v no-such-program");

  it.each([
    ["IPv4, by perl", "198.51.100.1", script],
    ["IPv4, by python", "198.51.100.1", withoutPerl],
    ["IPv6, by perl", "2001:db8::1", script],
    ["IPv6, by python", "2001:db8::1", withoutPerl],
  ])("is told from others, and tells where it came from: %s", (_what, address, write) => {
    const { told, seen } = sent(address, write(address));
    expect(new Set(told)).toEqual(new Set(PORTS.map((port) => `${address} ${port}`)));
    expect(seen.filter((line) => line.includes(`.${PORT + 1} >`))).toEqual([]);
    for (const port of PORTS) {
      const one = { from: "outside" as const, port, source: { host: address, port: PORT } };
      expect(arrival(one, seen)?.arrived).toEqual({ host: address, port: PORT });
    }
  });
});
