import { drift, up } from "./support/firewall";
import { onGateway } from "./support/lab";
import { ownStack, upOk } from "./support/ownStack";
import { editStack } from "./support/stackFile";

const JUMP = "10.10.0.1";
const LOGINS = `grep -c 'Accepted publickey for root from ${JUMP} ' /var/log/authlog`;

ownStack();
const logins = async () => Number((await onGateway(LOGINS)).stdout);

describe("a gateway behind a jump host", () => {
  it("is configured through it, and asked", async () => {
    editStack((values) => {
      values.set("admin.networks", ["10.10.0.254/32", `${JUMP}/32`]);
    });
    await upOk();
    const before = await logins();

    editStack((values) => {
      values.set("admin.proxy", { host: JUMP, identityFile: ".lab/keys/admin" });
      values.set("system.sysctls", { "net.inet.ip.ttl": 65 });
    });
    await upOk();
    expect((await onGateway("cat /etc/sysctl.conf")).stdout).toContain("net.inet.ip.ttl=65\n");
    const configured = await logins();
    expect(configured).toBeGreaterThan(before);

    expect(await drift()).toMatchObject({ code: 0, findings: [] });
    expect(await logins()).toBeGreaterThan(configured);
  });

  it("is not configured through a jump host with another key than its own", async () => {
    editStack((values) => {
      values.set(
        "admin.proxy.hostKey",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB",
      );
      values.set("system.sysctls", { "net.inet.ip.ttl": 66 });
    });
    const { code, output } = await up();
    expect(code).not.toBe(0);
    expect(output).toMatch(/host key mismatch/i);
    expect((await onGateway("cat /etc/sysctl.conf")).stdout).toContain("net.inet.ip.ttl=65\n");
  });
});
