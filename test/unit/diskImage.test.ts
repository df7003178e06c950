import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UPLOAD } from "../../components/hypervisor/diskImage";
import { temporaryFolder } from "./support/temporaryFolder";

/** A virsh that, before it reads the file, has somebody else put another image in its place. */
function upload(sha256?: string) {
  const folder = temporaryFolder("disk-image");
  const image = join(folder, "it's 100% an image");
  writeFileSync(image, "good");
  const virsh = `#!/bin/sh\necho bad >"$IMAGE_FILE"\nfor file; do :; done\ncat "$file" >${folder}/disk\n`;
  writeFileSync(join(folder, "virsh"), virsh, { mode: 0o755 });
  const { status, stderr } = spawnSync("/bin/sh", ["-c", UPLOAD], {
    encoding: "utf8",
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      XDG_STATE_HOME: folder,
      LIBVIRT_URI: "qemu:///system",
      POOL: "vg0",
      VOLUME: "gw",
      IMAGE_FILE: image,
      IMAGE_SHA256: sha256 ?? createHash("sha256").update("good").digest("hex"),
    },
  });
  const left = readdirSync(join(folder, "openbsd-ipsec-gateway"));
  const disk = readdirSync(folder).includes("disk") && readFileSync(join(folder, "disk"), "utf8");
  return { status, stderr, disk, left };
}

it("writes what it has verified, also where the file is changed meanwhile", () => {
  expect(upload()).toEqual({ status: 0, stderr: "", disk: "good", left: [] });
});

it("writes nothing of another image", () => {
  const { status, stderr, disk, left } = upload("0".repeat(64));
  expect([status, disk, left]).toEqual([1, false, []]);
  expect(stderr).toMatch(/it's 100% an image: SHA-256 differs/);
});
