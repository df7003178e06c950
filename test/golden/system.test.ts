import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { KSHRC, PROFILE } from "../../render/dotfiles";
import { installurl } from "../../render/installurl";
import { packageList } from "../../render/packageList";
import { rebootProbes } from "../../render/rebootProbes";
import { resolvConf } from "../../render/resolvConf";
import { sysctlConf } from "../../render/sysctlConf";
import { configOf } from "../unit/support/stack";
import { readAll } from "./files";

const config = configOf({
  "network.dns": ["10.10.0.53", "2001:db8::53"],
  "tunnels.0.probe": { source: "10.10.0.2", target: "10.20.1.100" },
  "tunnels.1.probe": { source: "10.10.0.2", target: "10.20.2.100" },
  "tunnels.1.enabled": false,
  system: {
    packages: ["vim--no_x11", "python%3"],
    installurl: "https://mirror.example.net/pub/OpenBSD",
    sysctls: { "net.inet.tcp.keepidle": 7200, "kern.maxfiles": "20000" },
  },
});

it("renders the rest of the system's files, byte for byte", () => {
  const folder = join(__dirname, "system");
  const rendered = new Map([
    ["etc/installurl", installurl(config.system)],
    ["etc/resolv.conf", resolvConf(config.network)],
    ["etc/sysctl.conf", sysctlConf(config)],
    ["packages", packageList(config.system)],
    ["probes", rebootProbes(config)],
    ["root/.kshrc", KSHRC],
    ["root/.profile", PROFILE],
  ]);
  if (process.env.UPDATE_GOLDEN === "1") {
    rmSync(folder, { recursive: true, force: true });
    for (const [path, text] of rendered) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text ?? "");
    }
  }
  expect(rendered).toEqual(new Map([...readAll(folder)].sort()));
});

it("leaves the resolvers to resolvd where none is declared", () => {
  expect(resolvConf(configOf().network)).toBeUndefined();
});
