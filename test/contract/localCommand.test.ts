// The stand-in's local.Command on this machine.
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Properties } from "../../lab/toolchain/providers/core/values";
import { gone } from "./support/processes";
import { commandProvider as provider, recording } from "./support/provider";

const token = "command:local:Command";
let directory: string;
beforeAll(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "contract-local-")));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const create = (inputs: Properties, record = recording()) =>
  provider.create(token, inputs, "step", record.context).then(({ state }) => state);

test("runs in the given directory, by the given interpreter, with the given variables and input", async () => {
  const state = await create({
    create: 'pwd; echo "$0 $NAME"; cat',
    dir: directory,
    interpreter: ["/bin/sh", "-e", "-c"],
    environment: { NAME: "value" },
    stdin: "input",
  });
  expect(state.stdout).toBe(`${directory}\n/bin/sh value\ninput`);
});

test("has exit status and both outputs of a failed command", async () => {
  await expect(create({ create: "echo out; echo err >&2; exit 7" })).rejects.toThrow(
    /^exit status 7: running "echo out; .*":\n(out\nerr|err\nout)\n$/,
  );
  await expect(create({ create: "true", interpreter: ["/nonexistent/sh"] })).rejects.toThrow(
    "ENOENT",
  );
  await expect(create({ create: "true", dir: "/nonexistent" })).rejects.toThrow("ENOENT");
});

test("updates by `update`, or by `create` when there is none, with the previous output at hand", async () => {
  const old = { create: "x", stdout: "before", stderr: "" };
  const update = (inputs: Properties) => provider.update(token, inputs, old, recording().context);
  const show = 'echo "create $PULUMI_COMMAND_STDOUT"';
  expect((await update({ create: show })).stdout).toBe("create before");
  expect((await update({ create: show, update: "echo update" })).stdout).toBe("update");
  expect((await update({ create: show, addPreviousOutputInEnv: false })).stdout).toBe("create ");
  expect((await update({})).stdout).toBe("before");
});

test("deletes only what it has a text for", async () => {
  const file = join(directory, "deleted");
  await provider.delete(token, { create: `touch ${file}` }, recording().context);
  await provider.delete(token, { delete: `echo yes > ${file}` }, recording().context);
  expect(readFileSync(file, "utf8")).toBe("yes\n");
});

test("ends a cancelled command with everything it started", async () => {
  const file = join(directory, "pid");
  const cancel = new AbortController();
  const record = recording(cancel.signal);
  record.context.log = () => {
    cancel.abort(new Error("cancelled"));
  };
  const text = `sleep 1000 & echo $! > ${file}; echo started; wait`;
  await expect(create({ create: text }, record)).rejects.toThrow("SIGKILL");
  expect(await gone(Number(readFileSync(file, "utf8")))).toBe(true);
});
