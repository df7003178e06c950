import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Refusal } from "../../../operate/command";
import { readIso, SECTOR, type IsoImage } from "../../../operate/media/iso9660";
import { run } from "../support/tools";
import { describeWithMediaTools, makeInstallCd } from "./support/installCd";

describeWithMediaTools("readIso", () => {
  let work: string;
  let iso: string;

  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), "iso9660-"));
    iso = makeInstallCd(work);
  });
  afterAll(() => {
    rmSync(work, { recursive: true });
  });

  test("sees the files that isoinfo sees, in the same places", async () => {
    const { files, created } = await readIso(iso);
    const listed = run("isoinfo", ["-f", "-i", iso]).stdout.trimEnd().split("\n").sort();
    const directories = ["/7.9", "/7.9/AMD64", "/ETC"];
    expect([...files.keys(), ...directories].sort()).toEqual(listed);
    const cdboot = files.get("/7.9/AMD64/CDBOOT");
    const bytes = readFileSync(iso).subarray((cdboot?.sector ?? 0) * SECTOR);
    expect(bytes.toString("latin1", 0, 12)).toBe("cdboot 01234");
    expect(cdboot?.size).toBe(30_006);
    expect(new Date(created * 1000).toISOString()).toBe("2026-05-19T09:30:00.000Z");
  });

  test("knows what the BIOS starts", async () => {
    const { files, bootSector } = await readIso(iso);
    expect(bootSector).toBe(files.get("/7.9/AMD64/CDBR")?.sector);
  });

  test("any damage to the directories is read or refused, nothing else", async () => {
    const whole = readFileSync(iso);
    const { files } = await readIso(iso);
    const firstFile = Math.min(...[...files.values()].map(({ sector }) => sector));
    const damaged = join(work, "damaged.iso");
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.integer({ min: 16 * SECTOR, max: firstFile * SECTOR }),
            fc.integer({ max: 255, min: 0 }),
          ),
          { minLength: 1, maxLength: 40 },
        ),
        async (changes) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          writeFileSync(damaged, bytes);
          const result: unknown = await readIso(damaged).catch((error: unknown) => error);
          expect(result instanceof Refusal || (result as IsoImage).files instanceof Map).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
