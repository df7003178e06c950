import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeOthers, uploadTo } from "../../../operate/media/pool";

const PATH = process.env.PATH;
const POOL = { uri: "test:///", pool: "media" };
let directory: string;
let image: string;

/** A virsh that answers by its command: text, or an error when undefined. */
function virsh(answers: Record<string, string | undefined>): void {
  const cases = Object.entries(answers).map(([command, answer]) =>
    answer === undefined
      ? `${command}) echo "error: no ${command}" >&2; exit 1 ;;`
      : `${command}) printf '%s' '${answer}' ;;`,
  );
  const script = `#!/bin/sh
shift 3
echo "$*" >> ${directory}/calls
case $1 in
vol-delete) echo "error: failed to get vol" >&2; exit 1 ;;
${cases.join("\n")}
esac
`;
  writeFileSync(join(directory, "virsh"), script, { mode: 0o755 });
}

const calls = (): string[] => readFileSync(join(directory, "calls"), "utf8").trim().split("\n");

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "pool-"));
  image = join(directory, "install79-abc.iso");
  writeFileSync(image, "x".repeat(4096));
  process.env.PATH = `${directory}:${PATH}`;
});
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(directory, { recursive: true });
});

test("what an interrupted upload left is never taken for the whole", async () => {
  virsh({ "pool-info": "Available: 4096\n" });
  const cd = await uploadTo(POOL, image, "gw");
  expect(cd).toEqual({ pool: "media", volume: "gw-install79-abc.iso" });
  expect(calls()).toEqual([
    "vol-delete --pool media gw-install79-abc.iso",
    "pool-refresh media",
    "pool-info --bytes media",
    "vol-create-as media gw-install79-abc.iso 4096 --format raw",
    `vol-upload --pool media --vol gw-install79-abc.iso --file ${image}`,
  ]);
});

test("a pool that is too full gets nothing", async () => {
  virsh({ "pool-info": "Available: 4095\n" });
  await expect(uploadTo(POOL, image, "gw")).rejects.toThrow(
    /^pool media: needs .* free: make room/,
  );
  expect(calls().join("\n")).not.toContain("vol-create-as");
});

test("an upload that fails leaves no volume", async () => {
  virsh({ "pool-info": "Available: 4096\n", "vol-upload": undefined });
  await expect(uploadTo(POOL, image, "gw")).rejects.toThrow(/^pool media: .*no vol-upload/);
  expect(calls().at(-1)).toBe("vol-delete --pool media gw-install79-abc.iso");
});

test("a pool that is not there is named", async () => {
  virsh({ "pool-refresh": undefined });
  await expect(uploadTo(POOL, image, "gw")).rejects.toThrow(/^pool media: .*hypervisor\.mediaPool/);
});

test("the CDs of earlier attempts are removed, and no others", async () => {
  const names = [
    "install79.iso",
    "gw-install79-old.iso",
    "gw-install79-abc.iso",
    "gw-config79-1.iso",
  ];
  const others = ["gw-notes.iso", "gw-2-install79-old.iso", "gw-install79-old.iso.txt"];
  virsh({
    "vol-list": [...names, ...others].map((name) => ` ${name}   /media/${name}`).join("\n"),
  });
  await removeOthers(POOL, "gw", [{ pool: "media", volume: "gw-install79-abc.iso" }]);
  expect(calls().slice(1)).toEqual([
    "vol-delete --pool media gw-install79-old.iso",
    "vol-delete --pool media gw-config79-1.iso",
  ]);
});
