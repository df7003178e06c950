import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findRelease } from "../../../config/releases";
import { bootConf } from "../../../render/bootConf";
import { disklabelTemplate } from "../../../render/disklabel";
import { installerXml, type InstallerMachine } from "../../../render/installerXml";
import { responseFile, type ResponseValues } from "../../../render/responseFile";
import { installSite } from "../../../render/siteSet";

const release = findRelease("7.9");
if (!release) throw new Error("7.9 is in the table");

const ADMIN =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGoldenGoldenGoldenGoldenGoldenGoldenGolden admin@host";
const BACKUP =
  'from="192.0.2.0/24" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAISecondSecondSecondSecond00 backup';

const values: ResponseValues = {
  release,
  hostname: "vpn1",
  domain: "example.org",
  interfaces: [{ name: "vio0", address: "192.0.2.10/24" }],
  gateway: "192.0.2.1",
  dns: ["192.0.2.53"],
  sshPublicKey: ADMIN,
  disk: "sd0",
  sets: ["-x*", "-game*", "-comp*"],
  serialSpeed: 115200,
  timezone: "UTC",
  siteSetOn: "sets",
};

const machine: InstallerMachine = {
  name: "vpn1",
  domainType: "kvm",
  memoryMiB: 1024,
  vcpus: 2,
  bridge: "br0",
  mac: "52:54:00:00:00:01",
  disk: { pool: "vg0", volume: "vpn1" },
  cds: [{ pool: "media", volume: "vpn1-install79-0123456789abcdef.iso" }],
};

const files: Record<string, () => string> = {
  "auto_install-static.conf": () => responseFile(values),
  "auto_install-dhcp.conf": () =>
    responseFile({
      ...values,
      domain: undefined,
      interfaces: [{ name: "vio0", address: "dhcp" }],
      gateway: undefined,
      dns: [],
    }),
  "auto_install-two-interfaces.conf": () =>
    responseFile({
      ...values,
      interfaces: [...values.interfaces, { name: "vio1", address: "198.51.100.2/29" }],
    }),
  "auto_install-config-cd.conf": () => responseFile({ ...values, siteSetOn: "cd1" }),
  "boot.conf": () => bootConf({ release, serialSpeed: 115200 }),
  "disklabel-20.template": () => disklabelTemplate({ diskGiB: 20 }),
  "disklabel-4.template": () => disklabelTemplate({ diskGiB: 4 }),
  "installer.xml": () => installerXml(machine),
  "installer-stock-emulated.xml": () =>
    installerXml({
      ...machine,
      domainType: "qemu",
      tcgBufferMiB: 128,
      cds: [
        { pool: "media", volume: "vpn1-install79.iso" },
        { pool: "media", volume: "vpn1-config79-0123456789abcdef.iso" },
      ],
    }),
  "install.site": () => installSite({ sshPublicKeys: [ADMIN, BACKUP] }),
};

// UPDATE_GOLDEN=1 writes the files anew; the difference is then for the reviewer.
test.each(Object.keys(files))("%s", (name) => {
  const path = join(__dirname, "expected", name);
  const rendered = files[name]?.() ?? "";
  if (process.env.UPDATE_GOLDEN) writeFileSync(path, rendered);
  expect(rendered).toBe(readFileSync(path, "utf8"));
});
