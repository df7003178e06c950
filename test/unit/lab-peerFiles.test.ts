import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConnectionFiles } from "../../lab/peers/connectionFiles";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "peer-files-"))));
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const connection = (name: string, text = `${name}\n`) => ({
  name,
  children: ["net"],
  gatewayRetriesNow: true,
  text,
});
const files = (...connections: ReturnType<typeof connection>[]): ConnectionFiles =>
  new ConnectionFiles(directory, "test", connections);
const apply = (set: ConnectionFiles): void => {
  set.write();
  set.markLoaded();
};

test("only what differs is changed, and the files are private", () => {
  apply(files(connection("test-west"), connection("test-east")));
  const second = files(connection("test-west"), connection("test-east", "new\n"));
  expect(second.changed).toEqual(["test-east"]);
  expect(second.removed).toEqual([]);
  second.write();
  expect(statSync(join(directory, "conf.d/test-east.conf")).mode & 0o777).toBe(0o600);
});

test("connections of this stack that are gone are removed, other stacks' stay", () => {
  apply(new ConnectionFiles(directory, "prod", [connection("prod-west")]));
  apply(files(connection("test-west"), connection("test-east")));
  const second = files(connection("test-west"));
  expect(second.removed).toEqual(["test-east"]);
  apply(second);
  expect(readdirSync(join(directory, "conf.d"))).toEqual(["prod-west.conf", "test-west.conf"]);
});

test("files that were written but not loaded are still to be loaded by the next run", () => {
  apply(files(connection("test-west")));
  files(connection("test-west", "new\n")).write();
  const next = files(connection("test-west", "new\n"));
  expect(next.changed).toEqual([]);
  expect(next.areLoaded()).toBe(false);
  next.markLoaded();
  expect(files(connection("test-west", "new\n")).areLoaded()).toBe(true);
});
