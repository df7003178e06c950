import { execFileSync } from "node:child_process";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { ustarGz } from "../../../operate/media/ustarGz";
import { ustar, type ArchiveMember } from "../../../render/ustar";

const member = (path: string, content = "x\n", mode = 0o644): ArchiveMember => ({
  path,
  mode,
  uid: 0,
  gid: 0,
  content,
});

test("tar lists exactly the members, with their modes, root's, without a date", () => {
  const archive = ustarGz([member("install.site", "#!/bin/sh\n", 0o755), member("etc/a b", "")]);
  const listing = execFileSync("tar", ["-tvz", "--numeric-owner", "--utc", "--full-time"], {
    input: archive,
  }).toString();
  expect(listing).toBe(
    "-rwxr-xr-x 0/0              10 1970-01-01 00:00:00 install.site\n" +
      "-rw-r--r-- 0/0               0 1970-01-01 00:00:00 etc/a b\n",
  );
});

test("tar gets back any content", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 1600 }), (content) => {
      const out = execFileSync("tar", ["-xO", "file"], { input: ustar([member("file", content)]) });
      expect(out.equals(Buffer.from(content))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test("the gzip header holds neither time nor system, and the archive is in it", () => {
  const members = [member("install.site", "a".repeat(100_000))];
  const archive = ustarGz(members);
  expect([...archive.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255]);
  expect(gunzipSync(archive).equals(ustar(members))).toBe(true);
});

test.each([".", "./x", "a/../b", "/etc/passwd", "dir/", "", "a\0b", "x".repeat(101)])(
  "refuses the path %j",
  (path) => {
    expect(() => ustar([member(path)])).toThrow(RangeError);
  },
);
