import type { PeerLog } from "./form";

export const STRONGSWAN: PeerLog = {
  vendor: "strongSwan",
  source:
    "strongSwan: libcharon's log messages of level 1, as charon, swanctl --log and journald show them",
  forms: [
    {
      form: /no matching proposal found, sending NO_PROPOSAL_CHOSEN|received proposals unacceptable|(?<!child )no proposal found$/,
      verdict: "phase1-proposal",
      sample: "Mar 12 07:10:00 west charon-systemd[612]: 11[IKE] received proposals unacceptable",
    },
    {
      form: /tried \d+ shared keys? for .* but MAC mismatched|invalid HASH_V1 payload length|could not decrypt payloads/,
      verdict: "psk",
      sample:
        "Mar 12 07:10:01 west charon-systemd[612]: 12[IKE] tried 1 shared key for 'west.example.net' - 'gw-test.example.net', but MAC mismatched",
    },
    {
      form: /no matching peer config found|no peer config found|no shared key found for|does not match to '/,
      verdict: "ids",
      sample: "Mar 12 07:10:01 west charon-systemd[612]: 12[CFG] no matching peer config found",
    },
    {
      form: /no trusted (?:RSA|ECDSA|EdDSA)? ?public key found for|signature validation failed|peer requested EAP|constraint check failed/,
      verdict: "certificates",
      sample:
        "Mar 12 07:10:01 west charon-systemd[612]: 12[IKE] no trusted RSA public key found for 'gw-test.example.net'",
    },
    {
      form: /traffic selectors .* === .* unacceptable|no matching CHILD_SA config found/,
      verdict: "selectors",
      sample:
        "Mar 12 07:10:01 west charon-systemd[612]: 12[IKE] traffic selectors 10.20.1.0/24 === 10.10.0.0/24 unacceptable",
    },
    {
      form: /no acceptable proposal found|no acceptable (?:DIFFIE_HELLMAN_GROUP|ENCRYPTION_ALGORITHM|INTEGRITY_ALGORITHM) found/,
      verdict: "phase2-proposal",
      sample: "Mar 12 07:10:01 west charon-systemd[612]: 12[IKE] no acceptable proposal found",
    },
    {
      form: /giving up after \d+ retransmits/,
      verdict: "silent",
      sample: "Mar 12 07:12:45 west charon-systemd[612]: 07[IKE] giving up after 5 retransmits",
    },
    {
      form: /deleting CHILD_SA after \d+ seconds of inactivity/,
      verdict: "deletes",
      sample:
        "Mar 12 08:12:45 west charon-systemd[612]: 07[JOB] deleting CHILD_SA after 600 seconds of inactivity",
    },
    {
      form: /CHILD_SA \S+\{\d+\} established with SPIs/,
      verdict: "up",
      sample:
        "Mar 12 07:30:01 west charon-systemd[612]: 12[IKE] CHILD_SA net{3} established with SPIs c0ffee01_i c0ffee02_o and TS 10.20.1.0/24 === 10.10.0.0/24",
    },
  ],
};
