import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DRIVERS } from "../../render/perimeter/drivers";
import type { Forward } from "../../contract/perimeter";
import { DEVICES, instructions } from "../../render/perimeter/manual";
import { readAll } from "./files";

const FOLDER = join(__dirname, "perimeter");

const udp = (port: 500 | 4500): Forward => ({
  name: `udp-${port}`,
  machine: "gw-test",
  protocol: "udp",
  port,
  outside: { interface: "ext0", address: "198.51.100.1" },
  target: "10.10.0.2",
  sources: ["198.51.100.11", "203.0.113.0/26"],
});
const forwards: Forward[] = [
  udp(500),
  udp(4500),
  { ...udp(500), name: "esp", protocol: "esp", port: undefined, sources: ["any"] },
];

const rendered = new Map([
  ...Object.entries(DRIVERS).flatMap(([driver, { render }]) =>
    forwards.map((forward): [string, string] => [`${driver}/${forward.name}`, render(forward)]),
  ),
  ...DEVICES.map((device): [string, string] => [
    `manual/${device}`,
    instructions(device, forwards),
  ]),
]);

it("says the forwards in every firewall's words as expected, byte for byte", () => {
  if (process.env.UPDATE_GOLDEN) {
    for (const [path, text] of rendered) {
      mkdirSync(join(FOLDER, path, ".."), { recursive: true });
      writeFileSync(join(FOLDER, path), text);
    }
  }
  expect(new Map([...rendered].sort())).toEqual(new Map([...readAll(FOLDER)].sort()));
});
