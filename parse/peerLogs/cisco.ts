import type { PeerLog } from "./form";

export const IOS: PeerLog = {
  vendor: "Cisco IOS",
  source:
    "Cisco: System Message Guide (%CRYPTO), IPsec Troubleshooting: Understanding and Using debug Commands",
  forms: [
    {
      form: /(?:Encryption algorithm|Hash algorithm|Authentication method) offered does not match policy!/,
      verdict: "phase1-proposal",
      sample:
        "*Mar 12 07:10:00.123: ISAKMP:(0):Encryption algorithm offered does not match policy!",
    },
    {
      form: /Diffie-Hellman group offered does not match policy!/,
      verdict: "phase1-group",
      sample:
        "*Mar 12 07:10:00.123: ISAKMP:(0):Diffie-Hellman group offered does not match policy!",
    },
    {
      form: /ISAKMP.*(?:no offers accepted!|phase 1 SA policy not acceptable!)/,
      verdict: "phase1-proposal",
      sample:
        "*Mar 12 07:10:00.123: ISAKMP:(0): phase 1 SA policy not acceptable! (local 198.51.100.11 remote 198.51.100.1)",
    },
    {
      form: /IKEv2.*Failed to find a matching policy/,
      verdict: "phase1-proposal",
      sample:
        "*Mar 12 07:10:00.123: IKEv2:(SESSION ID = 1,SA ID = 1):: Failed to find a matching policy",
    },
    {
      form: /%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from \S+ *failed its sanity check or is malformed/,
      verdict: "psk",
      sample:
        "Mar 12 07:10:01 rtr 81: %CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 198.51.100.1 failed its sanity check or is malformed",
    },
    {
      form: /ISAKMP: reserved not zero on \S+ payload!/,
      verdict: "psk",
      sample: "*Mar 12 07:10:01.123: ISAKMP: reserved not zero on ID payload!",
    },
    {
      form: /IKEv2.*Verification of peer's authentication data FAILED/,
      verdict: "psk",
      sample:
        "*Mar 12 07:10:01.123: IKEv2:(SESSION ID = 1,SA ID = 1):Verification of peer's authentication data FAILED",
    },
    {
      form: /No pre-shared key with \S+!/,
      verdict: "ids",
      sample: "*Mar 12 07:10:00.123: ISAKMP:(0):No pre-shared key with 198.51.100.1!",
    },
    {
      form: /proxy identities not supported|IPSec policy invalidated proposal with error 32/,
      verdict: "selectors",
      sample: "*Mar 12 07:10:02.123: IPSEC(ipsec_process_proposal): proxy identities not supported",
    },
    {
      form: /transform proposal not supported for identity|phase 2 SA policy not acceptable!/,
      verdict: "phase2-proposal",
      sample:
        "*Mar 12 07:10:02.123: ISAKMP:(1001): phase 2 SA policy not acceptable! (local 198.51.100.11 remote 198.51.100.1)",
    },
    {
      form: /%CRYPTO-4-RECVD_PKT_INV_SPI: /,
      verdict: "stale-sa",
      sample:
        "Mar 12 07:10:01 rtr 81: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=198.51.100.11, prot=50, spi=0x1B49FD5C(457833820), srcaddr=198.51.100.1",
    },
    {
      form: /%CRYPTO-5-SESSION_STATUS: Crypto tunnel is UP/,
      verdict: "up",
      sample:
        "Mar 12 07:30:01 rtr 82: %CRYPTO-5-SESSION_STATUS: Crypto tunnel is UP  .  Peer 198.51.100.1:500",
    },
  ],
};

export const ASA: PeerLog = {
  vendor: "Cisco ASA",
  source:
    "Cisco: Secure Firewall ASA Series Syslog Messages, 713001 to 713906 and 750001 to 752017",
  forms: [
    {
      form: /%ASA-\d-713048: .*Error processing payload: Payload ID: 1\b|All SA proposals found unacceptable/,
      verdict: "phase1-proposal",
      sample:
        "Mar 12 2026 07:10:00: %ASA-3-713048: IP = 198.51.100.1, Error processing payload: Payload ID: 1",
    },
    {
      form: /%ASA-\d-750003: .*Negotiation aborted due to ERROR: Failed to find a matching policy/,
      verdict: "phase1-proposal",
      sample:
        "Mar 12 2026 07:10:00: %ASA-4-750003: Local:198.51.100.11:500 Remote:198.51.100.1:500 Username:Unknown IKEv2 Negotiation aborted due to ERROR: Failed to find a matching policy",
    },
    {
      form: /%ASA-\d-750003: .*KE payload contained the wrong DH group/,
      verdict: "phase1-group",
      sample:
        "Mar 12 2026 07:10:00: %ASA-4-750003: Local:198.51.100.11:500 Remote:198.51.100.1:500 Username:Unknown IKEv2 Negotiation aborted due to ERROR: The peer's KE payload contained the wrong DH group",
    },
    {
      form: /probably due to mismatched pre-shared key|%ASA-\d-750003: .*(?:Auth exchange failed|Failed to authenticate the IKE SA)/,
      verdict: "psk",
      sample:
        "Mar 12 2026 07:10:01: %ASA-5-713904: Group = 198.51.100.1, IP = 198.51.100.1, ERROR, had problems decrypting packet, probably due to mismatched pre-shared key.  Aborting",
    },
    {
      form: /Can't find a valid tunnel group/,
      verdict: "ids",
      sample:
        "Mar 12 2026 07:10:01: %ASA-4-713903: IP = 198.51.100.1, Can't find a valid tunnel group, aborting...!",
    },
    {
      form: /%ASA-\d-713061: .*no matching crypto map entry for remote proxy|no IPSEC policy found for received TS/,
      verdict: "selectors",
      sample:
        "Mar 12 2026 07:10:02: %ASA-3-713061: Group = 198.51.100.1, IP = 198.51.100.1, Rejecting IPSec tunnel: no matching crypto map entry for remote proxy 10.10.0.0/255.255.255.0/0/0 local proxy 10.20.1.0/255.255.255.0/0/0 on interface outside",
    },
    {
      form: /All IPSec SA proposals found unacceptable/,
      verdict: "phase2-proposal",
      sample:
        "Mar 12 2026 07:10:02: %ASA-5-713904: Group = 198.51.100.1, IP = 198.51.100.1, All IPSec SA proposals found unacceptable!",
    },
    {
      form: /%ASA-\d-713259: .*Session is being torn down\. Reason: (?:Idle Timeout|User Requested|Administrator Reset)/,
      verdict: "deletes",
      sample:
        "Mar 12 2026 07:40:02: %ASA-5-713259: Group = 198.51.100.1, Username = 198.51.100.1, IP = 198.51.100.1, Session is being torn down. Reason: Idle Timeout",
    },
    {
      form: /Session is being torn down\. Reason: (?:Lost Service|Peer Terminate)|Failed to receive the AUTH msg before the timer expired/,
      verdict: "silent",
      sample:
        "Mar 12 2026 07:40:02: %ASA-5-713259: Group = 198.51.100.1, Username = 198.51.100.1, IP = 198.51.100.1, Session is being torn down. Reason: Lost Service",
    },
    {
      form: /%ASA-\d-713120: .*PHASE 2 COMPLETED/,
      verdict: "up",
      sample:
        "Mar 12 2026 07:30:02: %ASA-5-713120: Group = 198.51.100.1, IP = 198.51.100.1, PHASE 2 COMPLETED (msgid=1f2e3d4c)",
    },
  ],
};
