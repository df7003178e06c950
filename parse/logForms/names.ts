import { IKED } from "./iked";

/** The policy that iked took, in the forms that have it. In other lines the text may stand in a peer's identity. */
export function policyIn(message: string): string | undefined {
  return IKED.recv.form.exec(message)?.[6] ?? IKED.established.form.exec(message)?.[1];
}

/** Whom iked sends the message to, or has it from: its address, without brackets and port. */
export function peerIn(message: string): string | undefined {
  const peer =
    IKED.send.form.exec(message)?.[4] ??
    IKED.recv.form.exec(message)?.[4] ??
    IKED.retransmit.form.exec(message)?.[4];
  return peer?.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}

const IDENTITIES =
  /^((?:isakmpd|responder_recv_HASH_SA_NONCE): .*?\binitiator id:? ).*?(?=, src: \S+ dst: \S+$|$)/;

/**
 * A message of isakmpd without the identities, in which a peer may write the name of another tunnel. Of phase 2 they
 * may be any text too (ipsec.c ipsec_decode_id).
 */
export function withoutIdentities(message: string): string {
  return message.replace(IDENTITIES, "$1");
}
