import { hypervisorUri } from "../../../config/schema/reach";
import { connection } from "../../../config/schema/connection";
import { hypervisorUriProblem, readHypervisorUri } from "../../../config/hypervisorUri";

const accepts = (value: Record<string, unknown>): boolean =>
  connection.safeParse({ host: "10.10.0.1", ...value }).success;

describe("what reaches the command line of ssh", () => {
  it.each(["gw", "gw-1.example.net", "gw_1.lan.", "10.10.0.1", "2001:db8::1", "::1"])(
    "host %s",
    (host) => {
      expect(accepts({ host })).toBe(true);
    },
  );

  it.each([
    "",
    "-oProxyCommand=id",
    "root@gw",
    "gw:22",
    "[2001:db8::1]",
    "gw'",
    "gw;id",
    "$(id)",
    "%h",
    "gw\nProxyCommand id",
    "gw example",
    "gw.-x",
    `${"a".repeat(64)}.net`,
  ])("not as a host: %j", (host) => {
    expect(accepts({ host })).toBe(false);
  });

  it.each(["root", "_gw", "j.doe-2", "0day"])("user %s", (user) => {
    expect(accepts({ user })).toBe(true);
  });

  it.each(["", "-l", ".x", "a b", "a'b", "$(id)", "a@b", "ö", "a\n"])(
    "not as a user: %j",
    (user) => {
      expect(accepts({ user })).toBe(false);
    },
  );

  it.each(["/home/o'neill/on call/50%/key", "~/.ssh/id_ed25519", "keys/schlüssel", "/a$b/c"])(
    "path %s",
    (identityFile) => {
      expect(accepts({ identityFile })).toBe(true);
    },
  );

  it.each(["", "-i", "a\nb", "a\0b", "/home/${USER}/key", "a\x1b[2J"])(
    "not as a path: %j",
    (identityFile) => {
      expect(accepts({ identityFile })).toBe(false);
    },
  );
});

describe("the URI of a hypervisor", () => {
  it.each([
    "qemu:///system",
    "qemu:///session",
    "qemu:///system?socket=/run/libvirt/sock",
    "qemu+unix:///system?socket=/x",
    "qemu+ssh://hv1/system",
    "qemu+ssh://hv1:65535/system",
    "qemu+ssh://root@hv1.example.net:2222/system?keyfile=/home/o'neill/50%25%20key&sshauth=privkey",
    "qemu+ssh://root@[2001:db8::1]/system?knownhosts=${HOME}/hv",
    "test:///default",
  ])("is used: %s", (uri) => {
    expect(hypervisorUriProblem(uri)).toBeUndefined();
  });

  it.each([
    ["no_verify", "qemu+ssh://hv1/system?no_verify=1"],
    ["no_verify", "qemu+ssh://hv1/system?socket=/x&no_verify=0"],
    ["no_verify", "qemu+ssh://hv1/system?no_verify"],
    ["a parameter", "qemu+ssh://hv1/system?no%5fverify=1"],
    ["No_Verify", "qemu+ssh://hv1/system?No_Verify=1"],
    ["known_hosts_verify", "qemu+ssh://hv1/system?known_hosts_verify=ignore"],
    ["command", "qemu+ssh://hv1/system?command=/tmp/x"],
    ["netcat", "qemu+ssh://hv1/system?netcat=/tmp/x"],
    ["a parameter", "qemu+ssh://hv1/system?&"],
    ["value of socket", "qemu+ssh://hv1/system?socket=/x;no_verify=1"],
    ["goes over tcp", "qemu+tcp://hv1/system"],
    ["goes over tls", "qemu+tls://hv1/system"],
    ["goes over TLS", "qemu://hv1/system"],
    ["goes over libssh2", "qemu+libssh2://hv1/system"],
    ["goes over ext", "qemu+ext:///system"],
    ["not a URI of QEMU", "xen:///system"],
    ["not the URI", "an-alias"],
    ["not the URI", "QEMU+SSH://hv1/system"],
    ["no usable host", "qemu+ssh:///system"],
    ["no usable host", "qemu+ssh://-oProxyCommand=id/system"],
    ["no usable host", "qemu+ssh://root@-oProxyCommand=id/system"],
    ["no usable host", "qemu+ssh://hv1%0a/system"],
    ["user that is not", "qemu+ssh://-l@hv1/system"],
    ["user that is not", "qemu+ssh://root:secret@hv1/system"],
    ["port that is not", "qemu+ssh://hv1:65536/system"],
    ["path that libvirt does not know", "qemu+ssh://hv1/system;id"],
    ["value of keyfile", "qemu+ssh://hv1/system?keyfile=-x"],
    ["value of keyfile", "qemu+ssh://hv1/system?keyfile=/a&keyfile=/b"],
    ["value of keyfile", "qemu+ssh://hv1/system?keyfile=/a%00b"],
    ["value of sshauth", "qemu+ssh://hv1/system?sshauth=ssh-password"],
    ["not the URI", "qemu+ssh://hv1/system#x"],
    ["not the URI", "qemu+ssh://hv1"],
  ])("is refused because of %s: %s", (why, uri) => {
    expect(hypervisorUriProblem(uri)?.what).toContain(why);
  });

  it.each([
    [1024, true],
    [1025, false],
  ])("may have %d characters: %p", (length, right) => {
    const uri = "qemu:///system?socket=/".padEnd(length, "a");
    expect(hypervisorUri.safeParse(uri).success).toBe(right);
  });

  it("never shows a password in the reason", () => {
    expect(
      JSON.stringify(hypervisorUriProblem("qemu+ssh://root:hunter2@hv1/system")),
    ).not.toContain("hunter2");
  });

  it("is read as libvirt, the provider and ssh read it", () => {
    const uri = "qemu+ssh://root@[2001:db8::1]:2222/system?keyfile=/a%20b&knownhosts=/h";
    expect(readHypervisorUri(uri)).toEqual({
      ssh: { host: "2001:db8::1", user: "root", port: "2222", keyfile: "/a b", knownHosts: "/h" },
    });
  });
});
