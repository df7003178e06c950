import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pin } from "../../../hypervisor/connection";
import { connectionTo, VirshFailed } from "../../../hypervisor/virsh";

describe("the connection to a hypervisor", () => {
  let directory: string;
  const { XDG_STATE_HOME } = process.env;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "hypervisor-ssh-"));
    process.env.XDG_STATE_HOME = join(directory, "state");
    writeFileSync(join(directory, "ssh"), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
  });
  afterAll(() => {
    if (XDG_STATE_HOME === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = XDG_STATE_HOME;
    rmSync(directory, { recursive: true });
  });

  it.each(["qemu+ssh://root@hv2/system", "qemu+ssh://root@hv2:2222/system?keyfile=/k"])(
    "notices over SSH when the other end is gone: %s",
    (uri) => {
      const connection = connectionTo(uri);
      expect(connection.startsWith(uri)).toBe(true);
      const url = new URL(connection);
      accessSync(url.searchParams.get("command") ?? "", constants.X_OK);
      expect(url.searchParams.get("keyfile")).toBe(new URL(uri).searchParams.get("keyfile"));
    },
  );

  it.each(["qemu:///system", "test:///default"])("is as the stack says here: %s", (uri) => {
    expect(connectionTo(uri)).toBe(uri);
  });

  it.each(["qemu+tls://hv2/system", "qemu+ssh://hv2/system?command=/opt/ssh", "an-alias"])(
    "is refused where the stack may not go: %s",
    (uri) => {
      expect(() => connectionTo(uri)).toThrow(VirshFailed);
    },
  );

  /** What the program gives to ssh, in the environment that libvirt leaves it (virnetsocket.c). */
  const words = (uri: string): string[] => {
    const program = new URL(connectionTo(uri)).searchParams.get("command") ?? "";
    // As libvirt calls it for no_verify.
    const args = ["-o", "StrictHostKeyChecking=no", "--", "hv2", "sh"];
    const env = { PATH: `${directory}:${process.env.PATH ?? ""}`, HOME: '/home/50% "on call"' };
    return execFileSync(program, args, { env, encoding: "utf8" }).split("\n");
  };

  it("never takes an unknown host key, whatever libvirt or the operator's configuration say", () => {
    const open = words("qemu+ssh://hv2/system");
    expect(open.indexOf("StrictHostKeyChecking=yes")).toBeGreaterThan(0);
    expect(open.indexOf("StrictHostKeyChecking=no")).toBeGreaterThan(
      open.indexOf("StrictHostKeyChecking=yes"),
    );
    for (const other of ["VerifyHostKeyDNS=no", "ControlPath=none"]) expect(open).toContain(other);
    expect(open.some((word) => word.startsWith("UserKnownHostsFile"))).toBe(false);
  });

  it("takes the host keys of the URI's file and no others", () => {
    const pinned = words("qemu+ssh://hv2/system?knownhosts=${HOME}/on%20call/hv");
    expect(pinned).toContain('UserKnownHostsFile="/home/50%% \\"on call\\"/on call/hv"');
    expect(pinned).toContain("GlobalKnownHostsFile=/dev/null");
  });

  it("takes the stack's own key and no other, by whatever address", () => {
    const uri = "qemu+ssh://root@hv3/system?knownhosts=/k";
    pin({ uri, hostKey: "ssh-ed25519 AAAAhv3" });
    const [file = ""] = words(uri).flatMap(
      (word) => /^UserKnownHostsFile="(.*)"$/.exec(word)?.[1] ?? [],
    );
    expect(readFileSync(file, "utf8")).toBe("hypervisor ssh-ed25519 AAAAhv3\n");
    expect(words(uri)).toEqual(
      expect.arrayContaining(["HostKeyAlias=hypervisor", "GlobalKnownHostsFile=/dev/null"]),
    );
  });

  it("repairs a program that was changed", () => {
    const uri = "qemu+ssh://hv2/system";
    const program = new URL(connectionTo(uri)).searchParams.get("command") ?? "";
    writeFileSync(program, "#!/bin/sh\necho mine\n");
    expect(words(uri)).toContain("StrictHostKeyChecking=yes");
  });
});
