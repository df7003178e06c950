import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canaryNoteFile } from "../../../../workstation/canaryNote";
import { readNote, removeNote, writeNote } from "../../../../operate/promotion/canaryNote";

describe("the note of a tunnel that is changed first", () => {
  const { XDG_STATE_HOME, GATEWAY_PROJECT } = process.env;
  const content = { tunnel: "west", urns: ["urn:west"], sealed: "{}" };

  beforeEach(() => {
    process.env.XDG_STATE_HOME = mkdtempSync(join(tmpdir(), "canary-note-"));
    delete process.env.GATEWAY_PROJECT;
  });
  afterEach(() => {
    rmSync(process.env.XDG_STATE_HOME ?? "", { recursive: true });
    Object.assign(process.env, { XDG_STATE_HOME, GATEWAY_PROJECT });
    if (XDG_STATE_HOME === undefined) delete process.env.XDG_STATE_HOME;
    if (GATEWAY_PROJECT === undefined) delete process.env.GATEWAY_PROJECT;
  });

  it("is there for its owner only, for this stack of this project, until it is removed", async () => {
    expect(await readNote("prod")).toBeUndefined();
    await writeNote("prod", content);
    expect(await readNote("prod")).toEqual(content);
    expect(await readNote("other")).toBeUndefined();
    expect(statSync(canaryNoteFile("prod")).mode & 0o777).toBe(0o600);
    process.env.GATEWAY_PROJECT = "/elsewhere";
    expect(await readNote("prod")).toBeUndefined();
    delete process.env.GATEWAY_PROJECT;
    await removeNote("prod");
    expect(await readNote("prod")).toBeUndefined();
  });

  it("that cannot be read is not taken for none", async () => {
    await writeNote("prod", content);
    writeFileSync(canaryNoteFile("prod"), "{");
    await expect(readNote("prod")).rejects.toThrow(
      /old values, run pulumi up, and remove the file/,
    );
  });
});
