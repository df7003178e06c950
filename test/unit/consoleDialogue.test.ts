import type { InstallPath } from "../../contract/install";
import { installDialogue, type Step } from "../../operate/console/dialogue";
import { BOOT_FAILURES, INSTALL_FAILURES } from "../../operate/console/fatalTexts";

const PATHS: readonly InstallPath[] = ["remastered", "stock"];
const STEPS = PATHS.flatMap(installDialogue);

function typed(path: InstallPath): string[] {
  return installDialogue(path)
    .map(({ send }) => send)
    .filter((line) => line !== undefined);
}

test("the remastered ISO needs the shell only to hand over the answers", () => {
  expect(typed("remastered")).toEqual([
    "s",
    "mount -r /dev/cd0c /mnt; echo gw-mount=$?",
    "cp /mnt/auto_install.conf /mnt/disklabel.template /; echo gw-copy=$?",
    "chmod 644 /disklabel.template; echo gw-mode=$?",
    "umount /mnt; echo gw-umount=$?",
    "/autoinstall",
  ]);
});

test("the stock ISO gets its console by a typed command, and the answers come from the second CD", () => {
  expect(typed("stock")).toEqual([
    "stty com0 115200",
    "set tty com0",
    "boot",
    "s",
    "cd /dev && sh MAKEDEV cd1 && cd /; echo gw-dev=$?",
    "mount -r /dev/cd1c /mnt; echo gw-mount=$?",
    "cp /mnt/auto_install.conf /mnt/disklabel.template /; echo gw-copy=$?",
    "chmod 644 /disklabel.template; echo gw-mode=$?",
    "umount /mnt; echo gw-umount=$?",
    "/autoinstall",
  ]);
});

test("what is typed to the loader goes by key: the BIOS loses some", () => {
  const loader = installDialogue("stock").slice(0, 4);
  for (const { send, byKey } of loader) if (send !== undefined) expect(byKey).toBeGreaterThan(0);
});

test("every typed line fits on a terminal's line behind its prompt", () => {
  for (const { send = "" } of STEPS) expect(`# ${send}`.length).toBeLessThan(80);
});

test.each(STEPS.map((step) => [step.name, step] as const))(
  "%s: emulated takes longer, the hint says something, its own echo is no answer",
  (_, step: Step) => {
    expect(step.seconds.qemu).toBeGreaterThan(step.seconds.kvm);
    expect(step.hint.length).toBeGreaterThan(20);
    const echo = `# ${step.send ?? ""}\n`;
    if (step.expect !== "stop" && step.send) expect(echo.slice(2)).not.toMatch(step.expect);
  },
);

test("the list of fatal texts is the installer's, complete, each with what to do", () => {
  // openbsd-install: install.sub's error texts, and the kernel's.
  const lines = [
    "failed; check /tmp/ai/ai.log",
    'Question has no answer in response file: "Default IPv4 route?"',
    "'sd7' is not a valid choice.",
    "Autopartitioning failed!",
    "No autopartitioning template found.",
    "install.site failed",
    "The root filesystem must be configured!",
    "Failed to install bootblocks.",
    "/mnt/usr not properly mounted",
    "panic: uvm_fault",
    "ddb> ",
    "ddb{1}> ",
  ];
  for (const line of lines) {
    expect(INSTALL_FAILURES.filter(({ pattern }) => pattern.test(line))).toHaveLength(1);
  }
  for (const fatal of INSTALL_FAILURES) {
    expect(lines.some((line) => fatal.pattern.test(line))).toBe(true);
  }
  for (const { means, fix } of [...INSTALL_FAILURES, ...BOOT_FAILURES]) {
    expect(means.length).toBeGreaterThan(20);
    expect(fix.length).toBeGreaterThan(20);
  }
});

test("nothing the installer says when all is well is fatal", () => {
  const well = [
    "Performing non-interactive installation...",
    "Which disk is the root disk? ('?' for details) [sd0] sd0",
    "Directory does not contain SHA256.sig. Continue without verification? [no] yes",
    "(I)nstall, (U)pgrade, (A)utoinstall or (S)hell? ",
    "Relinking to create unique kernel... done.",
    "sd0 at scsibus1 targ 0 lun 0: <VirtIO, Block Device, >",
  ].join("\n");
  for (const { pattern } of [...INSTALL_FAILURES, ...BOOT_FAILURES])
    expect(well).not.toMatch(pattern);
});
