import { knownHosts, sshArguments } from "../../../render/sshArguments";
import { sshFailure } from "../../../operate/ssh/failure";
import type { SshTarget } from "../../../operate/ssh/target";

const bastion: SshTarget = {
  name: "bastion",
  host: "192.0.2.1",
  port: 2222,
  user: "hop",
  hostKey: "ssh-ed25519 AAAAbastion",
  identityFile: "/home/on call/key",
};
const target: SshTarget = {
  name: "gw",
  host: "10.10.0.2",
  port: 22,
  user: "root",
  hostKey: "ssh-ed25519 AAAAgw",
};

test("only the pinned key is known, of the gateway and of the host in between", () => {
  expect(knownHosts({ ...target, jump: bastion })).toBe(
    "gateway-10.10.0.2-22 ssh-ed25519 AAAAgw\ngateway-192.0.2.1-2222 ssh-ed25519 AAAAbastion\n",
  );
});

test("nothing is asked, nothing is learned, and no file of the operator's is read", () => {
  const words = sshArguments(target, "/tmp/k").join(" ");
  for (const option of [
    "-F none",
    "-o BatchMode=yes",
    "-o StrictHostKeyChecking=yes",
    "-o UserKnownHostsFile=/tmp/k",
    "-o GlobalKnownHostsFile=/dev/null",
    "-o HostKeyAlias=gateway-10.10.0.2-22",
    "-o UpdateHostKeys=no",
    "-o ControlMaster=no",
  ]) {
    expect(words).toContain(option);
  }
  expect(words).toMatch(/ -T -p 22 -- root@10\.10\.0\.2$/);
  expect(words).not.toContain("IdentitiesOnly");
});

test("the host in between is pinned the same way", () => {
  const proxy = sshArguments({ ...target, jump: bastion }, "/tmp/k").find((word) =>
    word.startsWith("ProxyCommand="),
  );
  expect(proxy).toContain("-o StrictHostKeyChecking=yes");
  expect(proxy).toContain("-o UserKnownHostsFile=/tmp/k");
  expect(proxy).toMatch(/-p 2222 -W 10\.10\.0\.2:22 -- hop@192\.0\.2\.1$/);
});

test.each([
  ["Host key verification failed.", /shows another host key/],
  ["root@10.10.0.2: Permission denied (publickey).", /does not let root in with the SSH agent/],
  ["ssh: connect to host 10.10.0.2 port 22: Connection timed out", /cannot be reached/],
  ["ssh: connect to host 10.10.0.2 port 22: No route to host", /cannot be reached/],
  ["Connection to 10.10.0.2 closed by remote host: Broken pipe", /cannot be reached/],
])("%s", (stderr, message) => {
  expect(sshFailure(target, stderr)?.message).toMatch(message);
});

test("a command that ends with 255 by itself is no failure of ssh", () => {
  expect(sshFailure(target, "gwctl: something")).toBeUndefined();
});
