import { loadConfig } from "../config/load";
import { pfConf } from "../render/pfConf";
import { tunnelFile } from "../render/tunnelFile";
import { median, type Measurement } from "./report";
import { testValues, withTunnels } from "./stackValues";
import { today } from "../workstation/today";

/** All rules and all texts of a gateway with 500 tunnels, without Pulumi. */
export function pure(): Measurement[] {
  const values = withTunnels(testValues(), 500);
  const seconds = Array.from({ length: 5 }, () => {
    const began = performance.now();
    const { config } = loadConfig({
      object: (key) => values[key],
      secret: () => undefined,
      today: today(),
    });
    pfConf(config);
    for (const tunnel of config.tunnels) tunnelFile(config, tunnel, "x".repeat(64));
    return (performance.now() - began) / 1000;
  });
  return [{ name: "render and rules, 500 tunnels", value: median(seconds), target: "< 1 s" }];
}
