import { ikeAddress } from "../ikeAddress";
import { fixedAddress } from "../../config/peer";
import { tunnelInterface } from "../../config/tunnelInterface";
import type { DeclaredTunnel } from "../../contract/tunnel";
import type { Cause, Evidence } from "../../contract/documents/why";
import { phaseText } from "./proposals";
import { LOAD_EXCEPTIONS } from "../status/excepted";
import type { Facts } from "./facts";

export function noAnswer(facts: Facts, evidence: readonly Evidence[]): Cause {
  const { tunnel, gateway, peerPings } = facts;
  const closed = refused(facts, evidence);
  if (closed) return closed;
  if (tunnel.ikeVersion === 1 && facts.ike.length > 0) return refusedUnseen(facts, evidence);
  const ping =
    peerPings === undefined
      ? ""
      : peerPings
        ? "; its host answers a ping, so UDP 500 is filtered or its IKE daemon is off"
        : "; its host does not answer a ping either, which may be off or just quiet";
  return {
    code: "no-answer",
    phase: "path",
    what: `${tunnel.peer} does not answer our first packet${ping}${unheard(facts)}`,
    evidence,
    fix: `check the address ${tunnel.peer}, and that the path to it lets UDP 500 and 4500 through`,
    tell: `We send IKE from ${gateway.publicAddress} to ${tunnel.peer} UDP 500 and get no answer. Is the daemon up, and are UDP 500 and 4500 from us let in?`,
  };
}

/** What isakmpd hears and does not log. */
function unheard({ tunnel, gateway }: Facts): string {
  if (tunnel.ikeVersion === 2) return "";
  return gateway.behindNat
    ? ", or refuses our phase 1, which isakmpd does not log"
    : `, refuses our phase 1, which isakmpd does not log, or has another ${keyWord(tunnel)}`;
}

/** isakmpd hears no refusal, but packets of the peer arrive while it gets no answer. */
function refusedUnseen({ tunnel, ike }: Facts, evidence: readonly Evidence[]): Cause {
  return {
    code: "phase1-proposal",
    phase: "phase 1",
    field: "phase1",
    what: `no agreement on phase 1: the peer answers, and not with an offer that isakmpd takes: it turns ours down (${phaseText(tunnel, 1)})`,
    evidence: [...evidence, ...ike.map((text) => ({ text }))],
    fix: "ask for the peer's phase 1 settings; its log shows both proposals",
    tell: `Phase 1 does not match. Ours is: ${phaseText(tunnel, 1)}. Please set exactly this.`,
  };
}

/** Of a peer whose host says that nobody listens there. */
export function refused(facts: Facts, evidence: readonly Evidence[] = []): Cause | undefined {
  const answers = facts.icmp.filter((line) =>
    /udp port (500|4500|isakmp|ipsec-nat-t|ipsec-msft) unreachable/.test(line),
  );
  return answers.length > 0
    ? peerDown(facts, [...evidence, ...answers.map((text) => ({ text }))])
    : undefined;
}

export function peerDown({ tunnel, gateway }: Facts, evidence: readonly Evidence[]): Cause {
  return {
    code: "peer-down",
    phase: "path",
    what: `the IKE daemon of ${tunnel.peer} is not running: its host refuses our packets`,
    evidence,
    fix:
      tunnel.mode === "active"
        ? "none here: the gateway keeps trying"
        : "none here: the peer has to start its daemon, and then the tunnel (mode passive)",
    tell: `Your host ${tunnel.peer} answers our IKE packets from ${gateway.publicAddress} with "port unreachable": your IKE daemon is not running.`,
  };
}

export function authUnanswered(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "no-answer",
    phase: "authentication",
    what: `${tunnel.peer} answers the first packet and not the second: UDP 4500 is filtered, or the larger packet is dropped`,
    evidence,
    fix: "check that UDP 4500 and fragments get through in both directions",
    tell: "Our IKE_AUTH on UDP 4500 gets no answer. Do you let UDP 4500 and fragments in from us?",
  };
}

/** @param end how it ended, if it ever was up */
export function neverAsked(
  { tunnel, gateway }: Facts,
  end?: Pick<Cause, "what" | "evidence">,
): Cause {
  const address = fixedAddress(tunnel.peer);
  const whom = nameOf(tunnel);
  const forwards = gateway.behindNat
    ? `that UDP 500 and 4500 of ${gateway.publicAddress} are forwarded to ${ikeAddress(gateway)}, and `
    : "";
  return {
    code: "never-asked",
    phase: "path",
    field: "mode",
    what:
      end === undefined
        ? `we wait for ${whom} (mode passive), and not one packet of it has arrived`
        : `${end.what}, and ${whom}, for which we wait (mode passive), has not come back since`,
    evidence: end?.evidence ?? [{ text: `no line of ${whom} in /var/log/daemon` }],
    fix: `check ${forwards}that the peer tries${address === undefined ? "" : "; or set mode: active"}`,
    tell: `We wait for your side to start, and see no packet from ${address ?? tunnel.remoteId}${end === undefined ? "" : " any more"}. Please initiate to ${gateway.publicAddress}, UDP 500 and 4500.`,
  };
}

function nameOf({ peer, remoteId }: DeclaredTunnel): string {
  return fixedAddress(peer) ?? `the peer ${remoteId}, which may have any address`;
}

export function deadPeer(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  return {
    code: "dead-peer",
    phase: "path",
    what: "the peer stopped answering, so that the tunnel was given up",
    evidence,
    fix: "check the path to the peer; the gateway tries again every minute",
    tell: `Our dead peer detection gave ${tunnel.peer} up. Was your side down, or its way to us?`,
  };
}

function keyWord({ auth }: DeclaredTunnel): string {
  return auth === "publickey" ? "public key" : "preshared key";
}

/** The first messages were answered, or NAT would not have been found; the encrypted one was not. */
export function unansweredAfterNat(tunnel: DeclaredTunnel, evidence: readonly Evidence[]): Cause {
  const key = keyWord(tunnel);
  return {
    code: "no-answer",
    phase: "authentication",
    field: tunnel.auth === "publickey" ? "localId" : "psk",
    what: `${tunnel.peer} answers until NAT is found, and not our encrypted message on UDP 4500: its ${key} for us is another one, it does not know us as ${tunnel.localId}, or UDP 4500 is filtered`,
    evidence,
    fix: `compare the ${key}s and identities with the peer's; check that UDP 4500 gets through both ways`,
    tell: `Your side does not answer the last messages of our phase 1, on UDP 4500. We are ${tunnel.localId} and expect you as ${tunnel.remoteId}. Does your log say wrong key or unknown identity, or is UDP 4500 filtered?`,
  };
}

/** Each side's log says that the other does not answer. */
export function neitherHears({ tunnel, gateway }: Facts, evidence: readonly Evidence[]): Cause {
  return {
    code: "no-answer",
    phase: "path",
    what: `neither side gets the other's answers: what is sent between ${gateway.publicAddress} and ${tunnel.peer} is lost on the way`,
    evidence,
    fix: "gateway path shows whether IKE reaches the gateway; look for a filter or a missing forward on either side",
    tell: `Both our logs say that the other side does not answer. Do UDP 500 and 4500 pass between ${gateway.publicAddress} and ${tunnel.peer} in both directions on your side?`,
  };
}

/** The peer speaks, of an IKE SA that this side no longer has. */
export function staleSa({ tunnel }: Facts, evidence: readonly Evidence[]): Cause {
  return {
    code: "stale-sa",
    phase: "phase 1",
    what: "the peer is there, and still uses an IKE SA that the gateway no longer has, as after a restart here",
    evidence,
    fix: `gateway tunnel restart ${tunnel.name} negotiates anew; without it the peer has to notice by its dead peer detection or its lifetime`,
    tell: "Your side still uses an old IKE SA with us, which we no longer have. Please clear it (clear crypto isakmp sa, swanctl --terminate or the like) and let it negotiate anew.",
  };
}

/** Our own packet never left: nothing for the other side to look at. */
export function cannotSend({ tunnel, gateway }: Facts, evidence: readonly Evidence[]): Cause {
  const reasons = evidence.flatMap(
    ({ text }) => /(?:sendtofrom|\)): ([^:]+)$/.exec(text)?.[1] ?? [],
  );
  const reason = reasons.at(-1) ?? "its daemon has no socket for that";
  return {
    code: "cannot-send",
    phase: "gateway",
    what: `the gateway itself cannot send to ${nameOf(tunnel)}: ${reason}`,
    evidence,
    fix: `on the gateway: route -n get ${fixedAddress(tunnel.peer) ?? "default"}, ifconfig ${gateway.interface}, and gateway rules for a rule that blocks UDP 500 or 4500 on the way out`,
  };
}

/** iked keeps the index that an interface had when it read its configuration. */
export function interfaceGone({ tunnel }: Facts, evidence: readonly Evidence[]): Cause {
  return {
    code: "interface",
    phase: "gateway",
    field: "sec",
    what: "the tunnel's sec(4) interface was made anew, and iked still looks for the one before, so that it loads no child SA",
    evidence,
    fix: `gateway tunnel down ${tunnel.name}, then gateway tunnel up ${tunnel.name}: iked reads its configuration again`,
  };
}

/** Whatever the log says of the daemon: without it no packet gets as far as the SAs. */
export function interfaceLacks({ interfaceProblems, tunnel }: Facts): Cause | undefined {
  const [first] = interfaceProblems;
  return (
    first && {
      code: "interface",
      phase: "gateway",
      field: tunnelInterface(tunnel)?.driver,
      what: `${first.what}, so that no packet enters the tunnel`,
      evidence: [...new Set(interfaceProblems.map(({ what }) => what))]
        .slice(1)
        .map((text) => ({ text })),
      fix: `on the gateway: ${first.fix}`,
    }
  );
}

/** What is to go past a tunnel for every address goes into it, also where the tunnel itself is fine. */
export function exceptionsLost({
  exceptionsMissing: [first, ...others],
}: Facts): Cause | undefined {
  if (first === undefined) return undefined;
  return {
    code: "exception",
    phase: "gateway",
    field: "except",
    what: `${first}, so that its packets enter the tunnel or are dropped`,
    evidence: others.map((text) => ({ text })),
    fix: LOAD_EXCEPTIONS,
  };
}
