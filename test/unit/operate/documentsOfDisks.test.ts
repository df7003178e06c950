import { GIB } from "../../../config/units";
import { join } from "node:path";
import type { CopyRequest } from "../../../contract/adopt";
import type * as Installs from "../../../operate/console/install";
import { copyDisk, digestOfStart } from "../../../hypervisor/copy/disk";
import { letWork } from "../../../operate/promotion/copy/isolated";
import { install } from "../../../operate/console/install";
import { removeCds } from "../../../operate/console/prepare";
import { setUp } from "../consoleRun";
import { document } from "../support/documents";
import type { FakePrograms } from "../support/fakePrograms";
import { fakeStack } from "./support/fakeStack";
import { gateway } from "./support/gateway";

// Whatever needs a disk's bytes or a machine's console.
jest.mock("../../../hypervisor/copy/disk");
jest.mock("../../../operate/promotion/copy/isolated");
jest.mock("../../../operate/console/install");
jest.mock("../../../operate/console/prepare");

const DISK = { uri: "test:///", pool: "vg0", volume: "gw-old" };
const HOST_KEY = "ssh-ed25519 AAAA";

let fakes: FakePrograms;
beforeEach(() => (fakes = fakeStack()));
afterEach(() => {
  fakes.remove();
});

test("promote --list", async () => {
  const argv = ["promote", "--from", "test", "--to", "other", "--list", "--json"];
  const { status, out } = await gateway(argv);
  expect([status, document("promote-list", out)]).toMatchObject([
    0,
    [
      { volume: "gw-test", role: "in use" },
      { volume: "gw-test-before-7.8", role: "before upgrade" },
    ],
  ]);
});

test("adopt: a disk that is kept", async () => {
  const request = JSON.stringify({ to: DISK, hostKey: HOST_KEY });
  const { status, out } = await gateway(["adopt", "--values", "-", "--json"], request);
  const found = { hostKey: HOST_KEY, volumeId: "uuid-of-it" };
  expect([status, document("adopt-kept", out)]).toEqual([0, found]);
});

test("adopt: a copy", async () => {
  const sha256 = "a".repeat(64);
  const request: CopyRequest = {
    ...{ from: DISK, sha256, to: { ...DISK, volume: "gw-new" }, bytes: 8 * GIB },
    machine: { domainType: "kvm", memoryMiB: 512 },
    identity: {
      ...{ hostname: "gw", interface: "vio0", address: "dhcp", dns: [] },
      sshPublicKeys: ["ssh-ed25519 AAAA admin"],
    },
  };
  fakes.answer("virsh", [
    ["vol-key", "uuid of it"],
    ["vol-create-as", ""],
    ["vol-upload", ""],
    ["gw-new", "error: failed to get vol", 1],
    ["vol-info", `Capacity: ${4 * GIB}\n`],
    ["pool-info", `Available: ${40 * GIB}\n`],
  ]);
  const copied = { sha256, bytes: 4 * GIB, moved: 5, kept: 6 };
  jest.mocked(copyDisk).mockResolvedValue(copied);
  jest.mocked(digestOfStart).mockResolvedValue("f".repeat(64));
  const transcript = "/tmp/transcript";
  jest.mocked(letWork).mockResolvedValue({ groups: { hostKey: HOST_KEY }, transcript });
  const { status, out } = await gateway(
    ["adopt", "--values", "-", "--json"],
    JSON.stringify(request),
  );
  expect([status, document("adopt", out)]).toMatchObject([
    0,
    { ...copied, hostKey: HOST_KEY, volumeId: "uuid of it", transcript },
  ]);
});

test("install", async () => {
  const plan = {
    ...{ uri: "test:///", name: "gw", memoryMiB: 512, bridge: "br0", mac: "52:54:00:00:00:01" },
    disk: { pool: "vg0", volume: "gw" },
    cds: [{ pool: "media", volume: "gw-install79.iso" }],
    before: { media: 1, upload: 2 },
  };
  const real = jest.requireActual<typeof Installs>("../../../operate/console/install");
  jest.mocked(install).mockImplementation(real.install);
  const installed = await setUp().go();
  jest.mocked(install).mockResolvedValue(installed);
  jest.mocked(removeCds).mockResolvedValue([]);
  const transcript = join(fakes.folder, "transcript");
  const argv = ["install", "--values", "-", "--transcript", transcript, "--json"];
  const { status, out } = await gateway(argv, JSON.stringify(plan));
  expect([status, document("install", out)]).toEqual([
    0,
    {
      ...{ hostKey: installed.hostKey, transcript },
      seconds: { media: 1, upload: 2, ...installed.seconds },
    },
  ]);
});
