import type { StackConfig } from "../config/schema";
import { lines, MANAGED } from "./text";

/**
 * Logins that a gateway lets begin at once for its tunnels; more would help nobody, as a gateway has one or two
 * processors.
 */
export const LOGINS_AT_ONCE = 16;

/** What sshd has by itself: others log in meanwhile, and on a public address strangers try to. */
const OTHER_LOGINS = 10;

/**
 * /etc/ssh/sshd_config (sshd_config(5)), whole: what is not said here is OpenSSH's default. Root by
 * key only. A connection that went away is noticed after a minute, since its gwctl holds the lock.
 */
export function sshdConf({ admin }: StackConfig): string {
  const { passwordAuthentication, allowUsers = [admin.user], listen } = admin.sshd;
  const passwords = passwordAuthentication ? "yes" : "no";
  return lines(
    MANAGED,
    `Port ${admin.port}`,
    ...listen.map((address) => `ListenAddress ${address}`),
    `AllowUsers ${allowUsers.join(" ")}`,
    "PermitRootLogin prohibit-password",
    `PasswordAuthentication ${passwords}`,
    `KbdInteractiveAuthentication ${passwords}`,
    "AuthorizedKeysFile .ssh/authorized_keys",
    "ClientAliveInterval 15",
    "ClientAliveCountMax 4",
    `MaxStartups ${OTHER_LOGINS + LOGINS_AT_ONCE}:30:100`,
    "Subsystem sftp /usr/libexec/sftp-server",
  );
}
