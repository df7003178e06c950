import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  MARK,
  REFUSE_WHILE_PROTECTED,
  REMOVE_MACHINE,
} from "../../components/hypervisor/machineRemoval";
import { virshVariables } from "../../hypervisor/script";
import { FakeVirsh } from "./support/fakeVirsh";
import { temporaryFolder } from "./support/temporaryFolder";

let virsh: FakeVirsh;
beforeEach(() => {
  virsh = new FakeVirsh(temporaryFolder("take-away"));
});

function run(script: string, word = ""): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync("/bin/sh", ["-c", script], {
    encoding: "utf8",
    env: {
      PATH: `${virsh.bin}:${process.env.PATH}`,
      LIBVIRT_URI: "qemu:///system",
      DOMAIN: "id",
      PROTECTED: word,
    },
  });
  return { status, stderr };
}

it("takes the machine away, and is content with one that is gone", () => {
  expect(run(REMOVE_MACHINE)).toEqual({ status: 0, stderr: "" });
  expect([virsh.read("deeds"), virsh.read("state")]).toEqual(["shutdown\nundefine", undefined]);
  expect(run(REMOVE_MACHINE)).toEqual({ status: 0, stderr: "" });
});

it.each([["REMOVE_MACHINE", REMOVE_MACHINE] as const, ["REFUSE", REFUSE_WHILE_PROTECTED] as const])(
  "%s refuses while libvirt knows the machine as protected, and does not touch it",
  (_, script) => {
    expect(run(MARK, "k3j").status).toBe(0);
    const { status, stderr } = run(script);
    expect([status, virsh.read("deeds"), virsh.read("state")]).toEqual([1, undefined, "running"]);
    expect(stderr).toMatch(/^gw: is protected \(machine\.protect\).*protect: false, run pulumi up/);
    expect(run(MARK).status).toBe(0);
    expect(run(script)).toEqual({ status: 0, stderr: "" });
  },
);

it("a hypervisor that does not answer is no machine that is gone", () => {
  virsh.write("deaf", "");
  for (const script of [REMOVE_MACHINE, REFUSE_WHILE_PROTECTED, MARK]) {
    const { status, stderr } = run(script);
    expect([status, stderr]).toEqual([1, "error: failed to connect to the hypervisor\n"]);
  }
});

it("the mark is set, changed and removed, each as often as one likes", () => {
  for (const word of ["a1", "a1", "b2", "", ""]) {
    expect(run(MARK, word)).toEqual({ status: 0, stderr: "" });
    expect(virsh.read("word")).toBe(word === "" ? undefined : word);
  }
});

it("over SSH it takes the stack's own key for the hypervisor's, and leaves nothing behind", () => {
  const temporary = temporaryFolder("take-away-tmp");
  // libvirt calls the program that the URI names, with next to nothing of the environment.
  writeFileSync(
    join(virsh.bin, "virsh"),
    '#!/bin/sh\nexec env -i PATH="$PATH" HOME=/root "${3#*command=}" -- hv1 sh >&2\n',
    { mode: 0o755 },
  );
  writeFileSync(
    join(virsh.bin, "ssh"),
    '#!/bin/sh\nfor w; do case $w in UserKnown*) cat "$(echo "${w#*=}" | tr -d \\")" ;; esac; echo "$w"; done\nexit 1\n',
    { mode: 0o755 },
  );
  const hypervisor = { uri: "qemu+ssh://root@hv1/system", hostKey: "ssh-ed25519 AAAAhv1" };
  for (const script of [REMOVE_MACHINE, REFUSE_WHILE_PROTECTED, MARK]) {
    const { status, stderr } = spawnSync("/bin/sh", ["-c", script], {
      encoding: "utf8",
      env: {
        PATH: `${virsh.bin}:${process.env.PATH}`,
        TMPDIR: temporary,
        DOMAIN: "id",
        PROTECTED: "w",
        ...virshVariables(hypervisor),
      },
    });
    expect(status).toBe(1);
    expect(stderr).toContain("StrictHostKeyChecking=yes\n");
    expect(stderr).toContain("hypervisor ssh-ed25519 AAAAhv1\n");
  }
  expect(readdirSync(temporary)).toEqual([]);
});
