import type { LogForm } from "./form";

const FUNCTION = String.raw`(?:ikev2_\w+: )?`;

/**
 * What iked(8) writes to syslog and `why`, `status` and `logs` read; sbin/iked of OpenBSD. A message about an
 * IKE SA begins with its SPI, which is not part of the form.
 */
export const IKED = {
  ended: {
    form: /^parent terminating$/,
    source: "iked.c parent_shutdown",
    means: "the daemon ends: what it said before is of another life",
    sample: "parent terminating",
  },
  lostChild: {
    form: /^lost child: (\S+) (.*)$/,
    source: "iked.c parent_sig_handler",
    means: "one of iked's processes died, and the others end with it",
    sample: "lost child: ikev2 terminated; signal 11",
  },
  initiating: {
    form: /^ikev2_init_ike_sa: initiating "(.*)"$/,
    source: "ikev2.c ikev2_init_ike_sa",
    means: "a negotiation of the policy begins",
    sample: 'ikev2_init_ike_sa: initiating "west"',
  },
  send: {
    form: /^send (\w+) (req|res) (\d+) peer (\S+) local (\S+), \d+ bytes(?:, NAT-T)?$/,
    source: "ikev2_msg.c ikev2_msg_send",
    means: "a message of ours, which the kernel may still refuse",
    sample: "send IKE_AUTH req 1 peer 198.51.100.11:4500 local 10.10.0.2:4500, 256 bytes, NAT-T",
  },
  recv: {
    form: /^recv (\w+) (req|res) (\d+) peer (\S+) local (\S+), \d+ bytes, policy '(.*)'$/,
    source: "ikev2.c ikev2_recv",
    means: "a message of the peer",
    sample:
      "recv IKE_SA_INIT res 0 peer 198.51.100.11:500 local 10.10.0.2:500, 280 bytes, policy 'west'",
  },
  retransmit: {
    form: /^retransmit (\d+) (\w+) req (\d+) peer (\S+) local (\S+)$/,
    source: "ikev2_msg.c ikev2_msg_retransmit_timeout",
    means: "a message of ours has no answer yet",
    sample: "retransmit 1 IKE_SA_INIT req 0 peer 198.51.100.11:500 local 10.10.0.2:500",
  },
  established: {
    form: new RegExp(
      String.raw`^${FUNCTION}established peer .* policy '(.*)' as (initiator|responder) \(([^()]*)\)$`,
    ),
    source: "ikev2.c ikev2_log_established",
    means: "the IKE SA is there; the peer may still refuse our authentication in the same second",
    sample:
      "established peer 198.51.100.11:4500[FQDN/west.example.net] local 10.10.0.2:4500[FQDN/gw-test.example.net] policy 'west' as initiator (enc aes-256 auth hmac-sha2-256 group ecp256 prf hmac-sha2-256)",
  },
  rekeyed: {
    form: new RegExp(String.raw`^${FUNCTION}rekeyed as new IKESA 0x([0-9a-f]{1,16}) \(([^()]*)\)$`),
    source: "ikev2.c ikev2_ikesa_enable",
    means: "another IKE SA takes over",
    sample:
      "rekeyed as new IKESA 0x5be36587d9797668 (enc aes-256 auth hmac-sha2-256 group ecp256 prf hmac-sha2-256)",
  },
  loadedSpis: {
    form: new RegExp(
      String.raw`^${FUNCTION}loaded SPIs: (0x[0-9a-f]+(?:, 0x[0-9a-f]+)*) \(([^()]*)\)$`,
    ),
    source: "ikev2.c ikev2_childsa_enable",
    means: "child SAs are there; a first one has no group of its own",
    sample:
      "ikev2_childsa_enable: loaded SPIs: 0xd99de517, 0x96881d1e (enc aes-256 auth hmac-sha2-512)",
  },
  loadedFlows: {
    form: new RegExp(String.raw`^${FUNCTION}loaded flows: (.*)$`),
    source: "ikev2.c ikev2_childsa_enable",
    means: "flows are there",
    sample: "ikev2_childsa_enable: loaded flows: ESP-10.10.0.0/24=10.20.1.0/24(0)",
  },
  deletedSpis: {
    form: new RegExp(String.raw`^${FUNCTION}deleted (\d+) SPIs?: (.*)$`),
    source: "ikev2.c ikev2_handle_delete",
    means: "the peer deleted child SAs",
    sample: "deleted 1 SPI: 0xdf626845",
  },
  receivedDelete: {
    form: /^ikev2_ikesa_recv_delete: received delete$/,
    source: "ikev2.c ikev2_ikesa_recv_delete",
    means: "the peer deleted the IKE SA",
    sample: "ikev2_ikesa_recv_delete: received delete",
  },
  freed: {
    form: /^sa_free: (.+)$/,
    source: "policy.c sa_free, with the reason of ikev2_ike_sa_setreason",
    means: "the IKE SA is gone",
    sample: "sa_free: retransmit limit reached",
  },
  noPeerKey: {
    form: /^ca_validate_pubkey: could not open public key pubkeys\/(\S+)$/,
    source: "ca.c ca_validate_pubkey",
    means:
      "there is no file with the public key of the peer's identity, which is the last part of its name",
    sample: "ca_validate_pubkey: could not open public key pubkeys/fqdn/west.example.net",
  },
  peerKeyInvalid: {
    form: /^ikev2_dispatch_cert: peer certificate is invalid$/,
    source: "ikev2.c ikev2_dispatch_cert",
    means: "the public key or certificate that the peer sent is not the one of its identity here",
    sample: "ikev2_dispatch_cert: peer certificate is invalid",
  },
  certificateOf: {
    form: /^(ikev2_send_auth_failed|ca_getreq): (issuer|serial|subject|altname): (.*)$/,
    source: "ca.c ca_cert_info and ca_x509_subjectaltname_do",
    means:
      "of the peer's certificate, which we refuse, or of one of ours; it has no altname without an identity in its subjectAltName",
    sample: "ikev2_send_auth_failed: issuer: /O=Example/CN=root",
  },
  noOwnCertificate: {
    form: /^ca_getreq: (?:no valid local certificate found for (\S+)|found cert with matching ID but without matching key\.)$/,
    source: "ca.c ca_getreq",
    means: "no certificate of ours has our identity and key, and a bare key is sent in its place",
    sample: "ca_getreq: no valid local certificate found for FQDN/gw-test.example.net",
  },
  authVerify: {
    form: /^ikev2_auth_verify: ikev2_msg_authverify failed$/,
    source: "ikev2.c ikev2_auth_verify",
    means:
      "the peer's AUTH was not made with our preshared key, or with the key of its public half here",
    sample: "ikev2_auth_verify: ikev2_msg_authverify failed",
  },
  authMethod: {
    form: /^ikev2_auth_verify: unexpected auth method (\S+), was expecting (\S+)$/,
    source: "ikev2.c ikev2_auth_verify",
    means: "the peer authenticates by another method than the tunnel's",
    sample: "ikev2_auth_verify: unexpected auth method SIG, was expecting SHARED_KEY_MIC",
  },
  authFailedFor: {
    form: /^ikev2_send_auth_failed: authentication failed for (.*)$/,
    source: "ikev2.c ikev2_send_auth_failed",
    means: "we refuse the peer; as responder without a policy for it the identity stays empty",
    sample: "ikev2_send_auth_failed: authentication failed for IPV4/192.168.77.1",
  },
  policyMismatch: {
    form: /^ikev2_ike_auth_recv: policy mismatch$/,
    source: "ikev2.c ikev2_ike_auth_recv",
    means: "the answer does not fit the policy that we began with",
    sample: "ikev2_ike_auth_recv: policy mismatch",
  },
  noPolicy: {
    form: /^ikev2_ike_auth_recv: no compatible policy found$/,
    source: "ikev2.c ikev2_ike_auth_recv",
    means: "no policy has the identities, networks or algorithms that the peer asks for",
    sample: "ikev2_ike_auth_recv: no compatible policy found",
  },
  localId: {
    form: /^policy_test: localid mismatch$/,
    source: "policy.c policy_test",
    means: "the peer asks for another identity of ours",
    sample: "policy_test: localid mismatch",
  },
  dhWanted: {
    form: /^ikev2_sa_responder_dh: want dh (\S+), KE has (\S+)$/,
    source: "ikev2.c ikev2_sa_responder_dh",
    means: "the peer's key exchange is of another group than the agreed one",
    sample: "ikev2_sa_responder_dh: want dh ECP_256, KE has MODP_2048",
  },
  proposal: {
    form: /^ikev2_log_proposal: (IKE|ESP) #(\d+) (\S+?)=(\S+)$/,
    source: "ikev2.c ikev2_log_proposal",
    means: "one transform of a proposal of the peer that we do not take",
    sample: "ikev2_log_proposal: IKE #1 DH=X_SNTRUP761X25519",
  },
  noneChosen: {
    form: /^(?:ikev2_(?:ike_auth_recv|sa_responder|resp_create_child_sa|init_create_child_sa): no proposal chosen|ikev2_(?:add_error|send_informational): NO_PROPOSAL_CHOSEN|ikev2_resp_recv: failed to negotiate IKE SA|ikev2_sa_negotiate_common: proposals_negotiate)$/,
    source: "ikev2.c, in each function that takes a proposal of the peer",
    means: "we take none of the peer's proposals",
    sample: "ikev2_sa_responder: no proposal chosen",
  },
  refused: {
    form: /^ikev2_init_recv: (?:failed to negotiate IKE SA|CREATE_CHILD_SA failed)$/,
    source: "ikev2.c ikev2_init_recv",
    means: "the peer answers NO_PROPOSAL_CHOSEN",
    sample: "ikev2_init_recv: failed to negotiate IKE SA",
  },
  sendFails: {
    form: /^ikev2_(?:msg_send|msg_retransmit_timeout|msg_retransmit_response): sendtofrom: (.+)$/,
    source:
      "ikev2_msg.c ikev2_msg_send, ikev2_msg_retransmit_timeout, ikev2_msg_retransmit_response",
    means: "the kernel does not take our packet",
    sample: "ikev2_msg_send: sendtofrom: No route to host",
  },
  noSocket: {
    form: /^udp_bind: failed to .*: (.+)$/,
    source: "util.c udp_bind",
    means: "iked has no socket to send from",
    sample: "udp_bind: failed to bind UDP socket: Address already in use",
  },
  interface: {
    form: /^pfkey_sa: unsupported interface (\S+)(?:: (.+))?$/,
    source: "pfkey.c pfkey_sa",
    means: "the tunnel's sec(4) interface was made anew since iked read its configuration",
    sample: "pfkey_sa: unsupported interface 7: Device not configured",
  },
} as const satisfies Readonly<Record<string, LogForm>>;
