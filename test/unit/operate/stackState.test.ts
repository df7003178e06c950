import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changeState } from "../../../operate/stack/state";

// An engine whose state and history are files. What another run does, and when, is in `meanwhile`.
const ENGINE = `#!/bin/sh
cd "$(dirname "$0")"
case "$1 $2" in
  "stack history") cat history ;;
  "stack export") cat state; [ ! -x after-export ] || { mv after-export done; ./done; } ;;
  "stack import")
    [ ! -e locked ] || { echo "error: the stack is currently locked by 1 lock(s)" >&2; exit 255; }
    cat >state.new; mv state.new state; [ ! -x after-import ] || ./after-import ;;
  *) exit 64 ;;
esac
`;

let folder: string;
const { PATH } = process.env;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stack-state-"));
  script("pulumi", ENGINE);
  write("state", "old");
  write("history", '[{ "kind": "update", "version": 0, "startTime": "1" }]');
  process.env.PATH = `${folder}:${PATH}`;
});
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function script(name: string, text: string): void {
  write(name, text);
  chmodSync(join(folder, name), 0o755);
}

const state = (): string => readFileSync(join(folder, "state"), "utf8");

const change = (to: (state: string) => string = (text) => `${text}, changed`): Promise<void> =>
  changeState({ stack: "prod", signal: new AbortController().signal }, to);

it("is written as it was changed; an import of its own in the history is no update", async () => {
  script(
    "after-import",
    `#!/bin/sh\necho '[{"kind":"import"},'"$(sed 's/^\\[//' history)" >h; mv h history\n`,
  );
  await change();
  expect(state()).toBe("old, changed");
  expect(readFileSync(join(folder, "history"), "utf8")).toContain("import");
});

it("is not written where it was written since it was read", async () => {
  script("after-export", "#!/bin/sh\necho -n theirs >state\n");
  await expect(change()).rejects.toThrow(/prod was changed in this moment.*nothing was written/);
  expect(state()).toBe("theirs");
});

it("is not written while an update runs, nor where the change is refused", async () => {
  write("locked", "");
  await expect(change()).rejects.toThrow(/cannot be written: .*currently locked/);
  const refuse = (): never => {
    throw new Error("east was deployed since");
  };
  await expect(change(refuse)).rejects.toThrow("east was deployed since");
  expect(state()).toBe("old");
});

it("says so where an update ended in the very moment in which it was written", async () => {
  script("after-import", `#!/bin/sh\necho '[{"kind":"update","startTime":"2"}]' >history\n`);
  await expect(change()).rejects.toThrow(/an update of stack prod ended while/);
});
