import type { LogForm } from "./form";

/**
 * What isakmpd(8) writes to syslog and `why` reads; sbin/isakmpd of OpenBSD. Everything but `phase 1 done`,
 * `quick mode done` and `made us delete` is written without -v too. A notify that the peer sends is never
 * written: `dropped message` is what isakmpd itself turns down.
 */
export const ISAKMPD = {
  starting: {
    form: /^isakmpd: starting$/,
    source: "isakmpd.c main",
    means: "the daemon starts: what it said before is of another life",
    sample: "isakmpd: starting",
  },
  phase1Done: {
    form: /^isakmpd: phase 1 done(?: \(as responder\))?: initiator id .*, responder id .*, src: \S+ dst: \S+$/,
    source: "exchange.c exchange_finalize",
    means: "the IKE SA is there",
    sample:
      "isakmpd: phase 1 done (as responder): initiator id west.example.net, responder id gw-test.example.net, src: 10.10.0.2 dst: 198.51.100.11",
  },
  quickModeDone: {
    form: /^isakmpd: quick mode done(?: \(as responder\))?: src: \S+ dst: \S+$/,
    source: "ike_quick_mode.c post_quick_mode",
    means: "the child SAs are there",
    sample: "isakmpd: quick mode done: src: 10.10.0.2 dst: 198.51.100.11",
  },
  deleted: {
    form: /^isakmpd: Peer \S+ made us delete live SA \S+ for proto \d+, initiator id: .*, responder id: .*$/,
    source: "ipsec.c ipsec_delete_spi_list",
    means: "the peer sent a DELETE for an SA that had not run out",
    sample:
      "isakmpd: Peer 198.51.100.11 made us delete live SA peer-198.51.100.11-local-10.10.0.2 for proto 1, initiator id: gw-test.example.net, responder id: west.example.net",
  },
  policyRefused: {
    form: /^check_policy: negotiated SA failed policy check$/,
    source: "ike_quick_mode.c check_policy",
    means: "isakmpd runs without -K, and no keynote policy allows the SA",
    sample: "check_policy: negotiated SA failed policy check",
  },
  attribute: {
    form: /^attribute_unacceptable: (\w+): got (.+?), {1,2}expected (.*)$/,
    source: "ike_phase_1.c attribute_unacceptable",
    means:
      "one of the peer's phase 1 transforms is turned down for this attribute; a later one may be taken. " +
      "LIFE_DURATION has two blanks, and KEY_LENGTH is turned down without a line",
    sample: "attribute_unacceptable: LIFE_DURATION: got 31680,  expected 28800",
  },
  lifeType: {
    form: /^attribute_unacceptable: (?:unrecognized LIFE_TYPE \d+|life attribute received, none in policy)$/,
    source: "ike_phase_1.c attribute_unacceptable",
    means: "the peer's phase 1 transform has a lifetime in kilobytes",
    sample: "attribute_unacceptable: unrecognized LIFE_TYPE 2",
  },
  noProposal: {
    form: /^message_negotiate_sa: no compatible proposal found$/,
    source: "message.c message_negotiate_sa",
    means: "none of the peer's transforms is taken, in phase 1 or phase 2",
    sample: "message_negotiate_sa: no compatible proposal found",
  },
  dropped: {
    form: /^dropped message from (\S+) port (\d+) due to notification type (\S+)$/,
    source: "message.c message_drop",
    means: "a message of the peer is turned down, and the peer is told so",
    sample:
      "dropped message from 198.51.100.11 port 500 due to notification type NO_PROPOSAL_CHOSEN",
  },
  aggressive: {
    form: /^exchange_setup_p1: expected exchange type (\S+) got (\S+)$/,
    source: "exchange.c exchange_setup_p1",
    means: "the peer begins phase 1 in aggressive mode where main mode is configured",
    sample: "exchange_setup_p1: expected exchange type ID_PROT got AGGRESSIVE",
  },
  remoteId: {
    form: /^ike_phase_1_recv_ID: received remote ID other than expected (.*)$/,
    source: "ike_phase_1.c ike_phase_1_recv_ID",
    means: "the peer's identity is not the declared one",
    sample: "ike_phase_1_recv_ID: received remote ID other than expected west.example.net",
  },
  noKey: {
    form: /^ike_auth_get_key: no key found for peer "(.*)" or local ID "(.*)"$/,
    source: "ike_auth.c ike_auth_get_key",
    means: "no preshared key belongs to the peer or the identity that it asks for",
    sample: 'ike_auth_get_key: no key found for peer "198.51.100.11" or local ID "<none>"',
  },
  ownKey: {
    form: /^(?:rsa_sig_encode_hash: could not get private key|check_file_secrecy_fd: not loading \S*local\.key - .*)$/,
    source: "ike_auth.c rsa_sig_encode_hash, util.c check_file_secrecy_fd",
    means: "isakmpd has no private key of its own to sign with",
    sample: "rsa_sig_encode_hash: could not get private key",
  },
  certificate: {
    form: /^(?:rsa_sig_decode_hash: (.*)|pre_shared_decode_hash: no HASH payload found)$/,
    source: "ike_auth.c rsa_sig_decode_hash, pre_shared_decode_hash",
    means: "the peer authenticates by a signature that we cannot check, or that is wrong",
    sample: "rsa_sig_decode_hash: no public key found",
  },
  invalidCertificate: {
    form: /^x509_cert_validate: (.+)$/,
    source: "x509.c x509_cert_validate, with LibreSSL's X509_verify_cert_error_string",
    means: "the peer's certificate is not believed: its authority, its days, or it is revoked",
    sample: "x509_cert_validate: unable to get local issuer certificate",
  },
  garbled: {
    form: /^message_parse_payloads: (?:invalid next payload type .* in payload of type \d+|reserved field non-zero: [0-9a-f]+|payload too (?:short|long): \d+|short message|payload type .* unexpected)$/,
    source: "message.c message_parse_payloads",
    means: "what was decrypted makes no sense: the preshared keys differ",
    sample: "message_parse_payloads: reserved field non-zero: 6b",
  },
  garbledHeader: {
    form: /^message_recv: invalid payload type (\d+) in ISAKMP header \(check passphrases, if applicable and in Phase 1\)$/,
    source: "message.c message_recv",
    means: "the first payload is none of IKEv1; 33 is what an IKEv2 message begins with",
    sample:
      "message_recv: invalid payload type 33 in ISAKMP header (check passphrases, if applicable and in Phase 1)",
  },
  version: {
    form: /^message_recv: invalid version major (\d+)$/,
    source: "message.c message_recv",
    means: "the peer speaks another version of IKE",
    sample: "message_recv: invalid version major 2",
  },
  noKeystate: {
    form: /^ipsec_get_keystate: no keystate in ISAKMP SA 0x[0-9a-f]+$/,
    source: "ipsec.c ipsec_get_keystate",
    means:
      "the peer sent an encrypted message while phase 1 is not done, as where it refuses our identity or key",
    sample: "ipsec_get_keystate: no keystate in ISAKMP SA 0x23b12c640",
  },
  phase2Ids: {
    form: /^responder_recv_HASH_SA_NONCE: peer proposed invalid phase 2 IDs: initiator id (.*), responder id (.*)$/,
    source: "ike_quick_mode.c responder_recv_HASH_SA_NONCE",
    means: "no connection has the networks that the peer asks for",
    sample:
      "responder_recv_HASH_SA_NONCE: peer proposed invalid phase 2 IDs: initiator id 10.20.7.0/255.255.255.0, responder id 10.10.0.0/255.255.255.0",
  },
  pfs: {
    form: /^(?:initiator_recv_HASH_SA_NONCE: disagreement on PFS|responder_recv_HASH_SA_NONCE: (?:KEY_EXCH payload without a group desc\. attribute|differing group descriptions in one QM))$/,
    source: "ike_quick_mode.c initiator_recv_HASH_SA_NONCE, responder_recv_HASH_SA_NONCE",
    means:
      "one end wants a Diffie-Hellman exchange in phase 2 and the other does not, or in another group",
    sample: "initiator_recv_HASH_SA_NONCE: disagreement on PFS",
  },
  givenUp: {
    form: /^transport_send_messages: giving up on exchange (\S+), no response from peer (.*):(\d+)$/,
    source: "transport.c transport_send_messages",
    means:
      "a message of ours stays unanswered: peer-… is phase 1, from-…-to-… quick mode, port 4500 after NAT was found",
    sample:
      "transport_send_messages: giving up on exchange peer-198.51.100.11-local-10.10.0.2, no response from peer 198.51.100.11:4500",
  },
  invalidCookie: {
    form: /^message_recv: invalid cookie\(s\) [0-9a-f]{16} [0-9a-f]{16}$/,
    source: "message.c message_recv",
    means: "the peer sends a message of an IKE SA that we do not have",
    sample: "message_recv: invalid cookie(s) a5bacfef75234ac0 3edfd9ad7e424608",
  },
  sendFails: {
    form: /^sendmsg \(\d+, \S+, \d+\): (.+)$/,
    source: "udp.c udp_send_message",
    means: "the kernel does not take our packet",
    sample: "sendmsg (12, 0x7f7ffffd1a40, 0): No route to host",
  },
  noSocket: {
    form: /^(?:udp_make: (?:bind|socket|setsockopt) \(.*\)(?:: .+)?|udp_create: no (?:matching listener found|udp default transport for address family \d+|virtual default transport for address family \d+)|exchange_establish: transport ".*" for peer ".*" could not be created|virtual_(?:init|bind_if): (?:could not bind the ISAKMP port\(s\) on all interfaces|failed to create a socket on .*))$/,
    source: "udp.c udp_make, udp_create; exchange.c exchange_establish; virtual.c",
    means: "isakmpd has no socket to send from",
    sample:
      'exchange_establish: transport "udp" for peer "peer-198.51.100.11" could not be created',
  },
} as const satisfies Readonly<Record<string, LogForm>>;
