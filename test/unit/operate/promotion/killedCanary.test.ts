import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canaryNoteFile } from "../../../../config/canaryNote";
import {
  hasMovedOn,
  readNote,
  removeNote,
  writeNote,
} from "../../../../operate/promotion/canaryNote";

const resource = (urn: string, modified: string, custom = true) => ({ urn, custom, modified });
const state = (...resources: object[]) => JSON.stringify({ deployment: { resources } });

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

describe("a stack with a canary that was cut off", () => {
  const before = state(resource("urn:west", "1"), resource("urn:east", "1"));

  it("is as the canary left it if nothing else was changed", () => {
    const now = state(resource("urn:east", "1"), resource("urn:west", "2"));
    expect(hasMovedOn(before, now, ["urn:west"])).toBe(false);
    const touched = state(resource("urn:east", "1"), resource("urn:stack", "9", false));
    expect(hasMovedOn(before, touched, ["urn:west"])).toBe(false);
  });

  it("is so too though the canary's update has read the other stack's proof anew", () => {
    const test = (modified: string) => ({ ...resource("urn:test", modified), external: true });
    const then = state(test("1"), resource("urn:east", "1"), resource("urn:west", "1"));
    const now = state(test("2"), resource("urn:east", "1"), resource("urn:west", "2"));
    expect(hasMovedOn(then, now, ["urn:west"])).toBe(false);
  });

  it("has moved on if another resource was changed, added or removed", () => {
    const west = resource("urn:west", "2");
    expect(hasMovedOn(before, state(west, resource("urn:east", "2")), ["urn:west"])).toBe(true);
    expect(hasMovedOn(before, state(west), ["urn:west"])).toBe(true);
  });
});
