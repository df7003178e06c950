import { supported } from "../../../config/algorithms";
import { nameOfConstant } from "../../../config/algorithms/daemonWords";
import { parseIkedEvents } from "../../../parse/ikedEvents";
import type { LogForm } from "../../../parse/logForms/form";
import { IKED } from "../../../parse/logForms/iked";
import { ISAKMPD } from "../../../parse/logForms/isakmpd";

describe.each<[string, Readonly<Record<string, LogForm>>]>([
  ["isakmpd", ISAKMPD],
  ["iked", IKED],
])("the forms of %s's log", (_, forms) => {
  it.each(Object.entries(forms))("%s is told by its own form alone", (name, { sample }) => {
    const matching = Object.entries(forms).filter(([, { form }]) => form.test(sample));
    expect(matching.map(([key]) => key)).toEqual([name]);
  });

  it.each(Object.entries(forms))("%s is the whole message", (_name, { form, sample }) => {
    expect(form.source).toMatch(/^\^/);
    expect(form.test(`x${sample}`)).toBe(false);
  });
});

// Lines of OpenBSD itself, as its syslogd wrote them.
it.each<[keyof typeof ISAKMPD, string]>([
  [
    "phase1Done",
    "isakmpd: phase 1 done: initiator id gw-test.example.net, responder id east.example.net, src: 10.10.0.2 dst: 198.51.100.12",
  ],
  ["quickModeDone", "isakmpd: quick mode done (as responder): src: 10.10.0.2 dst: 198.51.100.11"],
  ["attribute", "attribute_unacceptable: ENCRYPTION_ALGORITHM: got AES_CBC, expected 3DES_CBC"],
  [
    "givenUp",
    "transport_send_messages: giving up on exchange peer-192.0.2.2, no response from peer 192.0.2.2:500",
  ],
  [
    "dropped",
    "dropped message from 198.51.100.11 port 4500 due to notification type INVALID_ID_INFORMATION",
  ],
])("isakmpd's %s as seen", (name, message) => {
  expect(message).toMatch(ISAKMPD[name].form);
});

it.each<[keyof typeof IKED, string]>([
  [
    "established",
    "established peer [2001:db8:51::2]:500[FQDN/p2.example.test] local [2001:db8:51::1]:500[FQDN/g2.example.test] policy 'v4in6' as initiator (enc aes-128-gcm group curve25519 prf hmac-sha2-256)",
  ],
  [
    "loadedSpis",
    "ikev2_childsa_enable: loaded SPIs: 0x7c918773, 0x2989216b (enc aes-256-gcm group ecp384 esn)",
  ],
  [
    "loadedFlows",
    "ikev2_childsa_enable: loaded flows: ESP-10.1.0.0/24=10.2.0.0/24(1), ESP-10.1.0.0/24=10.2.0.0/24(6)",
  ],
  ["sendFails", "ikev2_msg_retransmit_timeout: sendtofrom: Network is down"],
  ["authFailedFor", "ikev2_send_auth_failed: authentication failed for "],
  ["freed", "sa_free: authentication failed notification from peer"],
])("iked's %s as seen", (name, message) => {
  expect(message).toMatch(IKED[name].form);
});

it("what iked has no name for is not taken for an algorithm", () => {
  const row = (text: string) => `Nov 24 00:04:24 gw iked[7]: spi=0x0000000000000001: ${text}`;
  const { children } = parseIkedEvents([
    row("ikev2_childsa_enable: loaded SPIs: 0x0a0b0c01, 0x0a0b0c02 (enc unknown esn)"),
    row("ikev2_childsa_enable: loaded SPIs: 0x0a0b0c03, 0x0a0b0c04 (enc unknown group ecp384 esn)"),
  ]);
  expect(children).toMatchObject([{ encryption: undefined }, { group: "ecp384" }]);
});

/** As ikev2_log_proposal names it: the constant of ikev2.h, and the length of a key that has several. */
function constantOf(name: string): string {
  const [, bits, mode] = /^aes-(\d+)(-gcm-12|-gcm|-ctr)?$/.exec(name) ?? [];
  if (bits !== undefined) {
    const modes: Record<string, string> = { "-gcm-12": "GCM_12", "-gcm": "GCM_16", "-ctr": "CTR" };
    return `AES_${modes[mode ?? ""] ?? "CBC"}-${bits}`;
  }
  const [, size] = /^brainpool(\d+)$/.exec(name) ?? [];
  if (size !== undefined) return `BRAINPOOL_P${size}R1`;
  const [, kind, length] = /^(modp|ecp)(\d+)$/.exec(name) ?? [];
  if (kind !== undefined) return `${kind.toUpperCase()}_${length ?? ""}`;
  const others: Record<string, string> = {
    cast128: "CAST-128",
    sntrup761x25519: "X_SNTRUP761X25519",
  };
  return others[name] ?? name.toUpperCase().replaceAll("-", "_");
}

it.each(
  (
    [
      "ikeEncryption",
      "ikeIntegrity",
      "ikeGroup",
      "espEncryption",
      "espIntegrity",
      "espGroup",
    ] as const
  ).flatMap((role) => supported("iked", role).map((name) => [role, name] as const)),
)("iked's constant of the %s %s is known", (_, name) => {
  expect(nameOfConstant("iked", constantOf(name))).toBe(name);
});
