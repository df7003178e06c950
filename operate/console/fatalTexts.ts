import type { FatalText } from "./expect";

const CRASHES: readonly FatalText[] = [
  {
    pattern: /panic:/,
    means: "the OpenBSD kernel crashed",
    fix: "run it once more; if it crashes again, compare the machine type, CPU mode and memory with docs/install.md and report the panic line with the transcript",
  },
  {
    pattern: /ddb(?:\{\d+\})?>/,
    means: "the OpenBSD kernel crashed and waits in its debugger",
    fix: "read the lines above for the reason; run it once more, and report it with the transcript if it comes back",
    isPrompt: true,
  },
];

const NO_DISK: FatalText = {
  pattern: /No bootable device\./,
  means: "the firmware found neither a bootable disk nor a bootable CD",
  fix: "check that the ISO is attached to the domain as a CD and is readable for the hypervisor",
};

/** The installer's own ways to fail (install.sub), and a kernel crash under it. */
export const INSTALL_FAILURES: readonly FatalText[] = [
  {
    pattern: /failed; check \/tmp\/ai\/ai\.log/,
    means: "the unattended installation gave up; the reason is in the lines above",
    fix: "correct what the last screen names and start again: the disk is written from scratch",
  },
  {
    pattern: /Question has no answer in response file/,
    means: "the installer asked something the response file does not answer",
    fix: "the wording changed in this release: add the question to the response file, as short as it stays unique",
  },
  {
    pattern: /is not a valid choice/,
    means: "an answer of the response file is not among the installer's choices",
    fix: "compare the answer with the choices in the question above it (disk, network interface, sets)",
  },
  {
    pattern: /Autopartitioning failed/,
    means: "the disk could not be laid out as the disklabel template says",
    fix: "enlarge machine.diskGiB, or make the minimum sizes of the template fit the disk",
  },
  {
    pattern: /No autopartitioning template found/,
    means: "the installer could not read the disklabel template",
    fix: "it must be /disklabel.template, readable for everybody (0644), and not empty",
  },
  {
    pattern: /install\.site failed/,
    means: "the site set's install.site ended with an error",
    fix: "its output is in the lines above: correct the site set and build the ISO again",
  },
  {
    pattern: /must be configured!/,
    means: "the installer misses something it cannot do without",
    fix: "usually the root disk or the network: check that the domain has a virtio disk, and the answers for it",
  },
  {
    pattern: /Failed to install bootblocks/,
    means: "the boot blocks could not be written",
    fix: "check the volume behind the disk (size, write errors, read-only) on the hypervisor",
  },
  {
    pattern: /not properly mounted/,
    means: "a filesystem of the new system could not be mounted",
    fix: "check the volume behind the disk for errors, and the mount points in the disklabel template",
  },
  ...CRASHES,
];

/** Before the kernel runs. */
export const BOOT_FAILURES: readonly FatalText[] = [
  NO_DISK,
  {
    pattern: /Can't find \/cdboot/,
    means: "the CD's boot block does not find OpenBSD's loader on the CD",
    fix: "the ISO was rebuilt with changed names: directories must be upper case with their dots (7.9/AMD64/CDBOOT)",
  },
];
