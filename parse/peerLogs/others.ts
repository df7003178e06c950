import type { PeerLog } from "./form";

export const MIKROTIK: PeerLog = {
  vendor: "MikroTik",
  source: "MikroTik: RouterOS help, IPsec, and the topics ipsec and ipsec,error of its log",
  forms: [
    {
      form: /no suitable proposal found|failed to pre-process ph1 packet/,
      verdict: "phase1-proposal",
      sample:
        "07:10:00 ipsec,error 198.51.100.1 failed to pre-process ph1 packet (side: 1, status 1).",
    },
    {
      form: /parsing packet failed, possible cause: wrong password/,
      verdict: "psk",
      sample:
        "07:10:01 ipsec,error 198.51.100.1 parsing packet failed, possible cause: wrong password",
    },
    {
      form: /identity not found for (?:server|peer)/,
      verdict: "ids",
      sample: "07:10:01 ipsec,error identity not found for peer: FQDN: gw-test.example.net",
    },
    {
      form: /no policy found: |got error: TS_UNACCEPTABLE/,
      verdict: "selectors",
      sample: "07:10:02 ipsec no policy found: 10.10.0.0/24[0] 10.20.1.0/24[0] proto=any dir=in",
    },
    {
      form: /failed to pre-process ph2 packet/,
      verdict: "phase2-proposal",
      sample: "07:10:02 ipsec,error 198.51.100.1 failed to pre-process ph2 packet.",
    },
    {
      form: /pfs group mismatched/,
      verdict: "pfs",
      sample: "07:10:02 ipsec pfs group mismatched: my:14 peer:19",
    },
    {
      form: /phase1 negotiation failed due to time up/,
      verdict: "silent",
      sample:
        "07:12:00 ipsec,error phase1 negotiation failed due to time up 198.51.100.11[500]<=>198.51.100.1[500] 5f2c4bd1a9e0c7d3:0000000000000000",
    },
    {
      form: /IPsec-SA established: /,
      verdict: "up",
      sample:
        "07:30:00 ipsec IPsec-SA established: ESP/Tunnel 198.51.100.1[500]->198.51.100.11[500] spi=0x4f3a2b1",
    },
  ],
};

export const AWS: PeerLog = {
  vendor: "AWS VPN",
  source: "AWS: Site-to-Site VPN User Guide, Contents of Site-to-Site VPN logs",
  forms: [
    {
      form: /No Proposal Match Found by AWS/,
      verdict: "phase1-proposal",
      sample:
        '{"event_timestamp": 1773299400, "details": "No Proposal Match Found by AWS", "dpd_enabled": true, "nat_t_detected": true, "ike_phase1_state": "down", "ike_phase2_state": "down"}',
    },
    {
      form: /payload decryption was unsuccessful due to invalid Pre-shared key|AWS tunnel is sending AUTHENTICATION_FAILED/,
      verdict: "psk",
      sample:
        '{"event_timestamp": 1773299400, "details": "AWS tunnel payload decryption was unsuccessful due to invalid Pre-shared key", "ike_phase1_state": "down", "ike_phase2_state": "down"}',
    },
    {
      form: /Traffic Selector: TS_UNACCEPTABLE/,
      verdict: "selectors",
      sample:
        '{"event_timestamp": 1773299400, "details": "AWS tunnel Traffic Selector: TS_UNACCEPTABLE: received from responder", "ike_phase1_state": "up", "ike_phase2_state": "down"}',
    },
    {
      form: /No Proposal Match Found(?! by AWS)|Phase 2 could not establish while keeping Phase 1 UP/,
      verdict: "phase2-proposal",
      sample:
        '{"event_timestamp": 1773299400, "details": "No Proposal Match Found. Notifying with \'No proposal chosen\'", "ike_phase1_state": "up", "ike_phase2_state": "down"}',
    },
    {
      form: /Peer is not responsive - Declaring peer dead|AWS tunnel DPD timed out/,
      verdict: "silent",
      sample:
        '{"event_timestamp": 1773299400, "details": "Peer is not responsive - Declaring peer dead", "ike_phase1_state": "down", "ike_phase2_state": "down"}',
    },
    {
      form: /"ike_phase2_state": ?"up"/,
      verdict: "up",
      sample:
        '{"event_timestamp": 1773299400, "details": "AWS tunnel IKE_SA established", "ike_phase1_state": "up", "ike_phase2_state": "up"}',
    },
  ],
};

export const PALO_ALTO: PeerLog = {
  vendor: "Palo Alto",
  source: "Palo Alto Networks: Interpret VPN Error Messages (system log, subtype vpn)",
  forms: [
    {
      form: /phase-?1 negotiation is failed\. .*no suitable proposal found|IKEv2 IKE SA negotiation is failed\. .*no suitable proposal found/i,
      verdict: "phase1-proposal",
      sample: "IKE phase-1 negotiation is failed. no suitable proposal found in peer's SA payload.",
    },
    {
      form: /likely due to pre-shared key mismatch/,
      verdict: "psk",
      sample: "IKE phase-1 negotiation is failed likely due to pre-shared key mismatch.",
    },
    {
      form: /Couldn.t find configuration for IKE phase-1 request|peer-ID must be type|peer identifier .* does not match/i,
      verdict: "ids",
      sample:
        "IKE phase-1 negotiation is failed. Couldn't find configuration for IKE phase-1 request for peer IP 198.51.100.1[500].",
    },
    {
      form: /cannot find matching phase-2 tunnel for received proxy ID|cannot find matching IPSec tunnel for received traffic selector/,
      verdict: "selectors",
      sample:
        "IKE phase-2 negotiation failed when processing proxy ID. cannot find matching phase-2 tunnel for received proxy ID. received local id: 10.20.1.0/24 type IPv4_subnet protocol 0 port 0, received remote id: 10.10.0.0/24 type IPv4_subnet protocol 0 port 0.",
    },
    {
      form: /(?:phase-2 negotiation failed|child SA negotiation (?:is )?failed) when processing SA payload/,
      verdict: "phase2-proposal",
      sample:
        "IKE phase-2 negotiation failed when processing SA payload. no suitable proposal found in peer's SA payload.",
    },
    {
      form: /Failed SA: .*[Dd]ue to timeout/,
      verdict: "silent",
      sample:
        "IKE phase-1 negotiation is failed as initiator, main mode. Failed SA: 198.51.100.11[500]-198.51.100.1[500] cookie:84222f276c2fa2e9:0000000000000000 due to timeout.",
    },
    {
      form: /(?:phase-2 negotiation|child SA negotiation) is succeeded/,
      verdict: "up",
      sample: "IKE phase-2 negotiation is succeeded as responder, quick mode.",
    },
  ],
};
