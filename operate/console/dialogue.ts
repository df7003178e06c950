import type { InstallPath } from "../../contract/install";
import type { DomainType } from "../../contract/libvirt";
import { HOST_KEY_MARK } from "../../render/siteSet";

/** An answer that shows that the guest is not in the state we think it is. */
export interface Refusal {
  readonly pattern: RegExp;
  readonly means: string;
  readonly fix: string;
}

/** What the time is accounted to. */
export type Phase = "boot" | "answers" | "installation" | "stop";

/** One exchange: type `send` (if any), then wait for `expect`. */
export interface Step {
  readonly name: string;
  readonly phase: Phase;
  readonly send?: string;
  /** Seconds to wait for each key's echo before it is typed again; without it nothing is waited for. */
  readonly byKey?: number;
  /** Typed again, after an empty line, whenever nothing came for so many seconds. */
  readonly retype?: number;
  /**
   * Ends with something definite (see Expect). A group `status` must be "0". "stop": the guest
   * powers off.
   */
  readonly expect: RegExp | "stop";
  /** Longest wait in seconds, by domain type: "qemu" is emulated without KVM. */
  readonly seconds: Readonly<Record<DomainType, number>>;
  /** What to look at when the answer does not come. */
  readonly hint: string;
  readonly refuse?: readonly Refusal[];
}

/** The ramdisk's shell prompt, at the start of a line only. */
const SHELL = /(?<![^\n])[\w.-]*# /;
const BOOT = /(?<![^\n])boot> /;
// SeaBIOS looks at the line 18 times a second, keeps 16 keys and drops what is more. Where the loader
// reads the line itself, it still takes one now and then.
const KEY_SECONDS = 4;

const QUICK = { kvm: 30, qemu: 120 };

/**
 * A shell command whose end differs from its echo: the echo shows `NAME=$?`, only the output
 * has digits there.
 */
function command(name: string, mark: string, line: string, hint: string): Step {
  return {
    name,
    phase: "answers",
    send: `${line}; echo ${mark}=$?`,
    expect: new RegExp(`${mark}=(?<status>\\d+)\\n(?:[^\\n]*\\n)*?[\\w.-]*# `),
    seconds: { kvm: 60, qemu: 240 },
    hint,
  };
}

const MENU: Step = {
  name: "installer's menu",
  phase: "boot",
  expect: /\(S\)hell\? /,
  seconds: { kvm: 180, qemu: 600 },
  hint: "the guest did not boot the installer on its serial console: check that the CD is the ISO built for this stack, and that its memory is enough for a kernel with a RAM disk",
};

const LOADER: readonly Step[] = [
  {
    name: "boot loader",
    phase: "boot",
    expect: BOOT,
    seconds: { kvm: 60, qemu: 120 },
    hint: "the loader's prompt did not show on the serial console: the domain needs <bios useserial='yes'/> and the install ISO as its first CD",
  },
  {
    name: "serial speed",
    phase: "boot",
    send: "stty com0 115200",
    byKey: KEY_SECONDS,
    expect: BOOT,
    seconds: QUICK,
    hint: "the loader did not take the speed of the serial port: does the domain have a serial port 0?",
  },
  {
    name: "serial console",
    phase: "boot",
    send: "set tty com0",
    byKey: KEY_SECONDS,
    expect: BOOT,
    seconds: QUICK,
    hint: "the loader did not come back on the serial port: does the domain have a serial port 0?",
  },
];

function openShell(): Step {
  return {
    name: "installer's shell",
    phase: "answers",
    send: "s",
    expect: SHELL,
    seconds: QUICK,
    hint: "the installer's menu did not open a shell for the answer s",
  };
}

function handOver(cd: "cd0" | "cd1"): Step[] {
  return [
    command(
      "mount the CD",
      "gw-mount",
      `mount -r /dev/${cd}c /mnt`,
      `${cd} did not mount: the CDs are numbered in the order of the controllers, install ISO first`,
    ),
    command(
      "copy the answers",
      "gw-copy",
      "cp /mnt/auto_install.conf /mnt/disklabel.template /",
      "auto_install.conf and disklabel.template must be in the top directory of the CD",
    ),
    command(
      "make the template readable",
      "gw-mode",
      "chmod 644 /disklabel.template",
      "the installer reads the template as an unprivileged user",
    ),
    command(
      "unmount the CD",
      "gw-umount",
      "umount /mnt",
      "the installer needs /mnt for itself; something still uses the CD",
    ),
    {
      name: "installation",
      phase: "installation",
      send: "/autoinstall",
      expect: new RegExp(`${HOST_KEY_MARK} (?<hostKey>ssh-ed25519 [A-Za-z0-9+/]+={0,2})\\s`),
      seconds: { kvm: 1200, qemu: 3600 },
      hint: "the last screen shows where the installer stands: a question it waits at has no line in the response file, a set that does not end points to the CD or the disk",
    },
    {
      name: "end of the installation",
      phase: "installation",
      expect: /CONGRATULATIONS! Your OpenBSD install has been successfully completed!/,
      seconds: { kvm: 300, qemu: 900 },
      hint: "the site set's install.site printed the host key and did not end; its output is above",
    },
    {
      name: "stop of the guest",
      phase: "stop",
      expect: "stop",
      seconds: { kvm: 120, qemu: 300 },
      hint: "the installer said that it is done but does not reboot; its last words are above",
      refuse: [
        {
          // Not the firmware: it may get some words out before libvirt stops the guest.
          pattern: /\(S\)hell\? |login: /,
          means: "the guest started again instead of stopping at its reboot",
          fix: "the hypervisor did not heed <on_reboot>destroy</on_reboot>: look at its log, and run again",
        },
      ],
    },
  ];
}

/** From power-on to the installed, stopped guest (autoinstall(8), boot(8), install.sub). */
export function installDialogue(path: InstallPath): Step[] {
  if (path === "remastered") return [MENU, openShell(), ...handOver("cd0")];
  return [
    ...LOADER,
    {
      name: "start of the kernel",
      phase: "boot",
      send: "boot",
      byKey: KEY_SECONDS,
      retype: 10,
      expect: /booting /,
      seconds: QUICK,
      hint: "the loader did not take the command boot on the serial port; its last words are above",
    },
    MENU,
    openShell(),
    command(
      "device of the second CD",
      "gw-dev",
      "cd /dev && sh MAKEDEV cd1 && cd /",
      "the ramdisk could not make /dev/cd1c",
    ),
    ...handOver("cd1"),
  ];
}
