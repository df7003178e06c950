import { Refusal } from "../command";
import type { SshTarget } from "./target";

/** Exit status by which ssh(1) says that it failed itself. */
export const SSH_FAILED = 255;

/** The host was not reached, so nothing is known of it. */
export class Unreachable extends Refusal {}

/** Why ssh failed and what to do; undefined if it was the remote command that ended with 255. */
export function sshFailure(target: SshTarget, stderr: string): Unreachable | undefined {
  const { name, host, port, user, identityFile } = target;
  const where = `${name} (${host} port ${port})`;
  if (/host key verification failed|host key for .* has changed/i.test(stderr)) {
    return new Unreachable(
      `${where} shows another host key than the stack pins: if it was not installed anew by hand, ` +
        "another machine answers in its place",
    );
  }
  if (/permission denied|too many authentication failures/i.test(stderr)) {
    // ssh says nothing of a key file that it cannot read.
    const key =
      identityFile === undefined
        ? "the SSH agent's keys"
        : `the key ${identityFile}, if that can be read at all`;
    return new Unreachable(`${where} does not let ${user} in with ${key}: see admin.identityFile`);
  }
  if (/load key .*: /i.test(stderr)) {
    return new Unreachable(`${String(identityFile)} cannot be read: see admin.identityFile`);
  }
  const words =
    /connection (?:timed out|refused|reset|closed)|no route to host|operation timed out|network is unreachable|could not resolve|timeout, server .* not responding|banner exchange|broken pipe/i.exec(
      stderr,
    )?.[0];
  if (words !== undefined) {
    return new Unreachable(
      `${where} cannot be reached (${words.toLowerCase()}): is the machine up, and is this host ` +
        "in admin.networks?",
    );
  }
  return undefined;
}
