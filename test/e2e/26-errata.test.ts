import { labOk, onGateway, previewSummary, verify } from "./support/lab";
import { powerCut } from "./support/powerCut";
import { editStack, saveStack } from "./support/stackFile";

/** Errata of the lab's mirror: the patcher's own, which ends its run; a daemon's; the kernel's. */
const ERRATA = [
  "001_syspatch usr/sbin/syspatch",
  "002_iked sbin/iked",
  "003_kernel usr/share/relink/kernel/GENERIC.tgz",
];
const NAMES = ERRATA.map((line) => line.split(" ")[0] ?? "");

const told = async (command: string): Promise<string> => (await onGateway(command)).stdout.trim();
const booted = () => told("sysctl -n kern.boottime");
const build = () => told("uname -v");

async function proven(): Promise<void> {
  const { code, tunnels } = await verify();
  expect(tunnels.map((tunnel) => [tunnel.name, tunnel.proven])).toEqual([
    ["west", true],
    ["east", true],
  ]);
  expect(code).toBe(0);
}

/** Where the stand-in has what its mirror offers. */
const MIRROR = "/usr/libexec/host/mirror";

describe("errata with system.patches: apply", () => {
  let restore: () => void;
  let kernel: string;

  beforeAll(async () => {
    restore = saveStack();
    kernel = await build();
    await proven();
    await onGateway(
      `mkdir -p ${MIRROR} && printf '%s\\n' ${ERRATA.map((line) => `'${line}'`).join(" ")} ` +
        `>${MIRROR}/patches`,
    );
    editStack((values) => {
      values.set("system.patches", "apply");
    });
  });

  afterAll(async () => {
    restore();
    await onGateway(`rm -rf ${MIRROR}/patches /bsd /var/syspatch/*`);
    await powerCut();
    await proven();
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect(await build()).toBe(kernel);
    expect(await previewSummary()).toEqual({});
  });

  it("are installed to the last one, once the kernel is linked; it reboots, and the tunnels are proven", async () => {
    const before = await booted();
    // syspatch refuses as long as a program of this name runs.
    await onGateway(
      "printf 'sleep 25\\n' >/tmp/reorder_kernel; /bin/ksh /tmp/reorder_kernel >/dev/null 2>&1 </dev/null &",
    );
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    // gwctl keeps the names of the tunnels that were proven before until they are proven again.
    expect((await onGateway("cat /var/db/gwctl/reboot")).code).not.toBe(0);
    expect((await told("syspatch -l")).split("\n")).toEqual(NAMES);
    expect(await build()).not.toBe(kernel);
    expect(await booted()).not.toBe(before);
    await proven();
  });

  it("are asked for no more, and nothing reboots again", async () => {
    const before = await booted();
    expect(await previewSummary()).toEqual({});
    await labOk("pulumi", "up", "--yes", "--skip-preview");
    expect(await booted()).toBe(before);
    const { stdout } = await labOk("pulumi", "stack", "output", "--json");
    expect(JSON.stringify(JSON.parse(stdout))).toContain(NAMES.join('","'));
  });
});
