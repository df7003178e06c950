import fc from "fast-check";
import { install } from "../../operate/console/install";
import { Interrupted } from "../../operate/console/session";
import { HOST_KEY } from "./consoleGuest";
import { failsCleanly, setUp } from "./consoleRun";

test.each(["remastered", "stock"] as const)("%s: until the installer has stopped", async (path) => {
  const run = setUp({ chunks: [7, 1, 30] }, path);
  const { hostKey, seconds } = await run.go();
  expect(hostKey).toBe(HOST_KEY);
  expect(run.guest.power).toBe("shut off");
  expect(run.guest.consolesOpen).toBe(0);
  expect(run.said()).toContain("CONGRATULATIONS");
  const { total, ...phases } = seconds;
  const sum = Object.values(phases).reduce((a, b) => a + b, 0);
  expect(Object.values(phases).every((value) => value >= 0)).toBe(true);
  expect(Math.abs(total - sum)).toBeLessThan(1);
});

test.each([
  ["one in the word", [1]],
  ["one in the word, and Return", [1, 4]],
  ["all of the first two tries", [...Array(11).keys()]],
])("keys that the loader's port loses are typed again: %s", async (_, lostKeys) => {
  const run = setUp({ lostKeys }, "stock");
  expect((await run.go()).hostKey).toBe(HOST_KEY);
});

test("a loader that takes no key is given up", async () => {
  const run = setUp({ lostKeys: [...Array(500).keys()] }, "stock");
  expect(await failsCleanly(run)).toMatch(/step "start of the kernel": no answer within \d+ s/);
});

test("the console is attached before the guest runs", async () => {
  const { guest, go } = setUp();
  await go();
  expect(guest.calls).toEqual(["start", "console", "resume"]);
});

test("however the guest's bytes are split, the installation is the same", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      async (chunks) => {
        const run = setUp({ chunks: [...chunks, 40] }, "stock");
        expect((await run.go()).hostKey).toBe(HOST_KEY);
        expect(run.guest.calls.filter((call) => call === "destroy")).toEqual([]);
      },
    ),
    { numRuns: 15 },
  );
});

describe("a fatal line ends the run at once", () => {
  const cases = [
    ["failed; check /tmp/ai/ai.log", "gave up"],
    ['Question has no answer in response file: "Default IPv4 route?"', "response file"],
    ["'sd7' is not a valid choice.", "choices"],
    ["Autopartitioning failed!", "diskGiB"],
    ["No autopartitioning template found", "0644"],
    ["install.site failed", "site set"],
    ["The root disk must be configured!", "virtio disk"],
    ["Failed to install bootblocks.", "volume"],
    ["/mnt/usr not properly mounted", "volume"],
    ["panic: uvm_fault(0xffff)", "crashed"],
  ] as const;
  test.each(cases)("%s", async (line, advice) => {
    const run = setUp({ installerSays: `something before\r\n${line}\r\n# ` });
    const before = run.clock.now();
    const message = await failsCleanly(run);
    expect(message).toContain('step "installation"');
    expect(message).toContain(`the console says: ${line}`);
    expect(message).toContain("| something before");
    expect(message).toContain(advice);
    expect(run.clock.now() - before).toBeLessThan(60_000);
  });

  test("ddb> although no end of line follows", async () => {
    expect(await failsCleanly(setUp({ installerSays: "Stopped at\r\nddb> " }))).toContain("ddb>");
  });

  test.each(["Can't find /cdboot", "No bootable device."])("%s", async (line) => {
    const message = await failsCleanly(setUp({ firmwareSays: `${line}\r\n` }));
    expect(message).toContain(`the console says: ${line}`);
  });
});

describe("a silence names the step, the last screen and what to check", () => {
  const cases = [
    ["remastered", "(I)nstall", "installer's menu", "180 s", "serial console"],
    ["remastered", "# ", "installer's shell", "30 s", "did not open a shell"],
    ["remastered", "gw-mount=0", "mount the CD", "60 s", "did not mount"],
    ["remastered", "gw-copy=0", "copy the answers", "60 s", "auto_install.conf"],
    ["remastered", "gw-mode=0", "make the template readable", "60 s", "unprivileged"],
    ["remastered", "gw-umount=0", "unmount the CD", "60 s", "/mnt"],
    ["remastered", "gateway-host-key", "installation", "1200 s", "last screen"],
    ["remastered", "CONGRATULATIONS", "end of the installation", "300 s", "install.site"],
    ["stock", "boot> ", "boot loader", "60 s", "useserial"],
    ["stock", "switching console", "serial console", "30 s", "serial port"],
    ["stock", "gw-dev=0", "device of the second CD", "60 s", "cd1c"],
  ] as const;
  test.each(cases)("%s, silent at %s: %s", async (path, silentAt, step, seconds, hint) => {
    const message = await failsCleanly(setUp({ silentAt }, path));
    expect(message).toContain(`step "${step}": no answer within ${seconds}`);
    expect(message).toContain("the last screen:\n  | ");
    expect(message).toMatch(new RegExp(`what to do: .*${hint.replace(".", "\\.")}`));
  });

  test("an emulated guest gets longer", async () => {
    const run = setUp({ silentAt: "(I)nstall" }, "remastered", { type: "qemu" });
    expect(await failsCleanly(run)).toContain("no answer within 600 s");
  });

  test("a domain that never stops", async () => {
    const message = await failsCleanly(setUp({ atReboot: "hang" }));
    expect(message).toContain('step "stop of the guest": no answer within 120 s');
  });
});

test("a guest that starts again instead of stopping is noticed", async () => {
  const message = await failsCleanly(setUp({ atReboot: "restart" }));
  expect(message).toContain("started again");
  expect(message).toContain("<on_reboot>destroy</on_reboot>");
});

test("a shell command that fails is the error, not the silence after it", async () => {
  const message = await failsCleanly(setUp({ failing: "mount -r" }));
  expect(message).toContain('"mount -r /dev/cd0c /mnt; echo gw-mount=$?" ended with status 1');
  expect(message).toContain("| mount_cd9660: Device not configured");
});

test("power that fails in the middle is an error of the step", async () => {
  const message = await failsCleanly(setUp({ powerFailsAfter: "Installing base79.tgz  60%" }));
  expect(message).toContain('step "installation": gw-test stopped');
});

test("a connection that breaks while the guest runs is opened again", async () => {
  const run = setUp({ cutAfter: "Performing non-interactive" });
  expect((await run.go()).hostKey).toBe(HOST_KEY);
  expect(run.guest.calls.filter((call) => call === "console")).toHaveLength(2);
});

test.each([
  [undefined, "is it open in another program"],
  ["the console is already in use", "the console is already in use"],
])("a console that does not stay is given up after some attempts: %s", async (why, said) => {
  const run = setUp();
  run.guest.openConsole = () => {
    run.guest.calls.push("console");
    return Promise.resolve({
      write: () => undefined,
      closed: Promise.resolve(why),
      close: () => Promise.resolve(),
    });
  };
  const message = await failsCleanly(run);
  expect(message).toContain(`step "installer's menu": the console of gw-test was lost: ${said}`);
  expect(message).toContain("what to do: leave the console to this program");
  expect(run.guest.calls.filter((call) => call === "console").length).toBeLessThan(10);
});

test("a console that cannot be opened again at once is opened later", async () => {
  const run = setUp({ cutAfter: "Performing non-interactive", pace: 600 });
  const { openConsole } = run.guest;
  let attempts = 0;
  run.guest.openConsole = (onBytes) => {
    attempts += 1;
    return attempts === 2 ? Promise.reject(new Error("no connection")) : openConsole(onBytes);
  };
  expect((await run.go()).hostKey).toBe(HOST_KEY);
});

describe("Ctrl-C", () => {
  test.each(["(I)nstall", "Installing base79", "rebooting"])(
    "at %s stops the domain",
    async (at) => {
      const run = setUp({ silentAt: at });
      run.clock.after(20_000, () => {
        run.stop.abort();
      });
      const error: unknown = await run.go().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Interrupted);
      expect((error as Error).message).toMatch(
        /interrupted[^]*was stopped[^]*to resume: run pulumi/,
      );
      expect(run.guest.power).toBe("shut off");
      expect(run.guest.consolesOpen).toBe(0);
    },
  );

  test("while the domain is being started stops it again", async () => {
    const run = setUp();
    const { startPaused } = run.guest;
    run.guest.startPaused = () => {
      run.stop.abort();
      return startPaused();
    };
    await expect(run.go()).rejects.toThrow(Interrupted);
    expect(run.guest.calls).toEqual(["start", "console", "destroy"]);
    expect(run.guest.consolesOpen).toBe(0);
  });

  test("before anything happened starts nothing", async () => {
    const run = setUp();
    run.stop.abort();
    await expect(run.go()).rejects.toThrow(Interrupted);
    expect(run.guest.calls).toEqual(["destroy"]);
  });

  test("says so when the domain cannot be stopped", async () => {
    const run = setUp({ silentAt: "(I)nstall" });
    run.guest.destroy = () => Promise.reject(new Error("no connection"));
    run.clock.after(20_000, () => {
      run.stop.abort();
    });
    await expect(run.go()).rejects.toThrow(/could NOT be stopped: .*no connection/);
  });
});

test("a transcript that cannot be written ends the run", async () => {
  const run = setUp();
  const clock = run.clock;
  const failing = install({
    domain: run.guest,
    clock,
    type: "kvm",
    path: "remastered",
    signal: run.stop.signal,
    progress: { begin: () => undefined, heard: () => undefined, finish: () => undefined },
    transcript: {
      file: "/full/transcript",
      write: () => {
        throw new Error("ENOSPC: no space left on device");
      },
      note: () => undefined,
      close: () => undefined,
    },
  });
  await expect(clock.run(failing)).rejects.toThrow(/\/full\/transcript: .*no space/);
  expect(run.guest.power).toBe("shut off");
});
