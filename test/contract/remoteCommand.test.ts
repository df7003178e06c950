// The stand-in's remote.Command against a real sshd.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Properties } from "../../lab/toolchain/providers/core/values";
import { gone } from "./support/processes";
import { commandProvider as provider, recording } from "./support/provider";
import { because } from "./support/skipped";
import { freePort, type Sshd, startSshd, whyNoSshd } from "./support/sshd";

const token = "command:remote:Command";
(whyNoSshd === undefined ? describe : describe.skip)(
  `remote.Command on a real sshd${because(whyNoSshd)}`,
  () => {
    let sshd: Sshd;
    let connection: Properties;

    beforeAll(async () => {
      sshd = await startSshd(["AcceptEnv WELCOME PULUMI_COMMAND_STDOUT"]);
      connection = {
        host: "127.0.0.1",
        port: sshd.port,
        user: sshd.user,
        privateKey: sshd.privateKey,
        hostKey: sshd.hostKey,
        dialErrorLimit: 1,
        perDialTimeout: 15,
      };
    });
    afterAll(() => sshd.stop());

    const create = async (inputs: Properties, record = recording()) =>
      provider.create(token, { connection, ...inputs }, "step", record.context);
    const failure = async (inputs: Properties, record = recording()) =>
      create(inputs, record).then(
        () => "nothing failed",
        (error: unknown) => (error as Error).message,
      );

    test("keeps both outputs, each without its last newline", async () => {
      const { id, state } = await create({ create: "echo one; echo; echo two >&2" });
      expect(id).toMatch(/^step[0-9a-f]{8}$/);
      expect(state).toMatchObject({ stdout: "one\n", stderr: "two" });
    });

    test("passes stdin unchanged, also when it is large", async () => {
      const text = "päss wörd # \\ $HOME\n".repeat(20_000);
      const { state } = await create({ create: "cat", stdin: text, logging: "none" });
      expect(`${String(state.stdout)}\n`).toBe(text);
    });

    test("ends the input of a command without stdin", async () => {
      expect((await create({ create: "cat" })).state.stdout).toBe("");
    });

    test("does not mind a command that leaves its stdin unread", async () => {
      const { state } = await create({ create: "echo done", stdin: "x".repeat(4_000_000) });
      expect(state.stdout).toBe("done");
    });

    test("runs nothing and does not connect without a text", async () => {
      const nowhere = { ...connection, port: await freePort() };
      expect((await create({ connection: nowhere, delete: "true" })).state.stdout).toBe("");
    });

    test("names exit status, command and output of a failed command, even with logging none", async () => {
      expect(await failure({ create: "echo seen; echo why >&2; exit 3", logging: "none" })).toMatch(
        /^Process exited with status 3: running "echo seen; .*":\n(seen\nwhy\n|why\nseen\n)$/,
      );
    });

    test("names the signal that ended a command", async () => {
      expect(await failure({ create: "kill -KILL $$" })).toContain(
        "Process exited with status 137 from signal KILL",
      );
    });

    test("refuses a server with another host key before it logs in", async () => {
      const marker = join(sshd.directory, "reached");
      const other = { ...connection, hostKey: sshd.otherHostKey };
      const message = await failure({ connection: other, create: `touch ${marker}` });
      expect(message).toMatch(
        new RegExp(
          `host key mismatch: 127.0.0.1:${sshd.port} presented ssh-ed25519 SHA256:.*, expected`,
        ),
      );
      expect(existsSync(marker)).toBe(false);
    });

    test("does not check the host key when none is given", async () => {
      const trusting = { ...connection, hostKey: undefined };
      expect((await create({ connection: trusting, create: "echo in" })).state.stdout).toBe("in");
    });

    test("names a host key or a private key that cannot be read, without showing it", async () => {
      const noHostKey = { ...connection, hostKey: "ssh-ed25519 secret" };
      expect(await failure({ connection: noHostKey, create: "true" })).toMatch(
        /^connection.hostKey: (?!.*secret)/,
      );
      const noKey = { ...connection, privateKey: "-----BEGIN secret" };
      expect(await failure({ connection: noKey, create: "true" })).toMatch(
        /^connection.privateKey: (?!.*secret)/,
      );
    });

    test("dials as often as dialErrorLimit says", async () => {
      const record = recording();
      const refused = { ...connection, port: await freePort(), dialErrorLimit: 3 };
      const message = await failure({ connection: refused, create: "true" }, record);
      expect(message).toContain("after 3 failed attempts");
      expect(message).toContain("ECONNREFUSED");
      expect(record.lines).toEqual(["Dial 1/3 failed: retrying", "Dial 2/3 failed: retrying"]);
    });

    test("connects once the server is there", async () => {
      const port = await freePort();
      const record = recording();
      const dialedBefore = new Promise<void>((resolve) => {
        record.context.log = () => {
          resolve();
        };
      });
      const pending = create(
        { connection: { ...connection, port, dialErrorLimit: -1 }, create: "echo up" },
        record,
      );
      await dialedBefore;
      const late = await sshd.twin(port);
      expect((await pending).state.stdout).toBe("up");
      await late.stop();
    });

    test("tries a wrong password no further than the server's answer", async () => {
      const wrong = { ...connection, privateKey: undefined, password: "wrong-password" };
      const message = await failure({ connection: wrong, create: "true" });
      expect(message).toContain("authentication");
      expect(message).not.toContain("wrong-password");
    });

    test("goes through a proxy, whose own host key counts", async () => {
      const jump = await startSshd(["AllowTcpForwarding yes"]);
      try {
        const proxy = {
          host: "127.0.0.1",
          port: jump.port,
          user: jump.user,
          privateKey: jump.privateKey,
          hostKey: jump.hostKey,
          dialErrorLimit: 1,
        };
        const through = { ...connection, proxy };
        expect((await create({ connection: through, create: "echo far" })).state.stdout).toBe(
          "far",
        );
        const wrong = { ...connection, proxy: { ...proxy, hostKey: sshd.hostKey } };
        expect(await failure({ connection: wrong, create: "true" })).toContain("host key mismatch");
      } finally {
        await jump.stop();
      }
    });

    test("sets an accepted variable and refuses to run without a rejected one", async () => {
      const { state } = await create({
        create: 'echo "$WELCOME"',
        environment: { WELCOME: "hello" },
      });
      expect(state.stdout).toBe("hello");
      const marker = join(sshd.directory, "ran");
      const message = await failure({
        create: `touch ${marker}`,
        environment: { REJECTED: "secret" },
      });
      expect(message).toContain("environment.REJECTED: the server refused to set it");
      expect(message).not.toContain("secret");
      expect(existsSync(marker)).toBe(false);
    });

    test("updates by `update`, or by `create` when there is none, and deletes by `delete` only", async () => {
      const file = join(sshd.directory, "ran-texts");
      const note = (text: string) => `echo ${text} >> ${file}`;
      const inputs = { connection, create: note("create") };
      const { state } = await create(inputs);
      await provider.update(token, inputs, state, recording().context);
      const second = { ...inputs, update: note("update") };
      await provider.update(token, second, state, recording().context);
      await provider.delete(token, second, recording().context);
      await provider.delete(token, { ...second, delete: note("delete") }, recording().context);
      expect(readFileSync(file, "utf8")).toBe("create\ncreate\nupdate\ndelete\n");
    });

    test("gives the previous output to the next command, and warns where the server rejects it", async () => {
      const inputs = { connection, create: 'echo "was $PULUMI_COMMAND_STDOUT"; echo e >&2' };
      const old = { ...inputs, stdout: "before", stderr: "problems" };
      const record = recording();
      expect((await provider.update(token, inputs, old, record.context)).stdout).toBe("was before");
      expect(record.warnings).toEqual([
        expect.stringContaining("refused the variable PULUMI_COMMAND_STDERR"),
      ]);
      const without = { ...inputs, addPreviousOutputInEnv: false };
      expect((await provider.update(token, without, old, recording().context)).stdout).toBe("was ");
    });

    test.each([
      [undefined, ["err", "out"]],
      ["stdoutAndStderr", ["err", "out"]],
      ["stdout", ["out"]],
      ["stderr", ["err"]],
      ["none", []],
    ])("shows with logging %s the lines %j", async (logging, shown) => {
      const record = recording();
      await create({ create: "echo out; printf err >&2", logging }, record);
      expect(record.lines.sort()).toEqual(shown);
    });

    test("cuts the connection of a running command when it is cancelled", async () => {
      const file = join(sshd.directory, "pid");
      const cancel = new AbortController();
      const record = recording(cancel.signal);
      record.context.log = (line) => {
        if (line === "started") cancel.abort(new Error("cancelled"));
      };
      const text = `echo $$ > ${file}; while echo started; do sleep 0.05; done`;
      expect(await failure({ create: text }, record)).toBe("cancelled");
      const pid = Number(readFileSync(file, "utf8"));
      expect(await gone(pid)).toBe(true);
    });

    test("gives up dialing when it is cancelled", async () => {
      const cancel = new AbortController();
      const record = recording(cancel.signal);
      record.context.log = () => {
        cancel.abort(new Error("cancelled"));
      };
      const refused = { ...connection, port: await freePort(), dialErrorLimit: -1 };
      expect(await failure({ connection: refused, create: "true" }, record)).toMatch(
        /abort|cancelled/,
      );
    });
  },
);
