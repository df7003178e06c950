import { assess } from "../../../operate/status/assess";
import { parseGwctlLive } from "../../../parse/gwctlLive";
import { declared, deployed } from "./support/deployed";
import { liveText } from "./support/liveText";

const at = new Date("2026-11-23T23:36:37Z");

it("500 tunnels are assessed without a pass over all for each", () => {
  const tunnels = Array.from({ length: 500 }, (_, i) => ({
    tunnel: declared(`t${i}`, 1, {
      peer: `203.0.${i >> 8}.${i & 255}`,
      remote: [`10.${100 + (i >> 8)}.${i & 255}.0/24`],
      remoteId: `t${i}.example.net`,
      probe: { source: "10.10.0.2", target: `10.${100 + (i >> 8)}.${i & 255}.1` },
    }),
  }));
  const text = liveText({ tunnels });
  const outputs = { ...deployed, tunnels: tunnels.map(({ tunnel }) => tunnel) };
  const found = assess(outputs, parseGwctlLive(text), at);
  expect(found.tunnels.filter(({ state }) => state === "proven")).toHaveLength(500);
});
