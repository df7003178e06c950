import type { PeerLog } from "./form";

export const FORTIGATE: PeerLog = {
  vendor: "FortiGate",
  source:
    "Fortinet: FortiOS Log Message Reference (event/vpn), Troubleshooting Tip: IPsec VPN tunnels (diagnose debug application ike -1)",
  forms: [
    {
      form: /Negotiate IPsec SA Error: .*no SA proposal chosen/,
      verdict: "phase2-proposal",
      sample: "ike Negotiate IPsec SA Error: ike 0:west:12:27: no SA proposal chosen",
    },
    {
      form: /no SA proposal chosen|IPsec phase 1 error.*reason="peer SA proposal not match local policy"/,
      verdict: "phase1-proposal",
      sample:
        "ike Negotiate ISAKMP SA Error: ike 0:5f2c4bd1a9e0c7d3/0000000000000000:12: no SA proposal chosen",
    },
    {
      form: /probable pre-shared (?:secret|key) mismatch/,
      verdict: "psk",
      sample:
        'date=2026-03-12 time=07:10:01 logid="0101037124" type="event" subtype="vpn" level="error" logdesc="IPsec phase 1 error" msg="IPsec phase 1 error" action="negotiate" remip=198.51.100.1 status="negotiate_error" reason="probable pre-shared key mismatch" peer_notif="NOT-APPLICABLE"',
    },
    {
      form: /no matching gateway for new request/,
      verdict: "ids",
      sample:
        'date=2026-03-12 time=07:10:01 logid="0101037124" type="event" subtype="vpn" level="error" logdesc="IPsec phase 1 error" msg="IPsec phase 1 error" action="negotiate" remip=198.51.100.1 status="negotiate_error" reason="no matching gateway for new request" peer_notif="NOT-APPLICABLE"',
    },
    {
      form: /specified selectors mismatch|no matching phase2 found/,
      verdict: "selectors",
      sample: "ike 0:west:14:27: specified selectors mismatch",
    },
    {
      form: /IPsec phase 2 error.*reason="peer SA proposal not match local policy"/,
      verdict: "phase2-proposal",
      sample:
        'date=2026-03-12 time=07:10:02 logid="0101037125" type="event" subtype="vpn" level="error" logdesc="IPsec phase 2 error" msg="IPsec phase 2 error" action="negotiate" remip=198.51.100.1 status="negotiate_error" reason="peer SA proposal not match local policy"',
    },
    {
      form: /status="dpd_failure"/,
      verdict: "silent",
      sample:
        'date=2026-03-12 time=07:40:02 logid="0101037136" type="event" subtype="vpn" level="error" logdesc="IPsec DPD failed" msg="IPsec DPD failure" action="dpd" remip=198.51.100.1 status="dpd_failure"',
    },
    {
      form: /action="tunnel-up"/,
      verdict: "up",
      sample:
        'date=2026-03-12 time=07:30:02 logid="0101037138" type="event" subtype="vpn" level="notice" logdesc="IPsec connection status changed" msg="IPsec connection status change" action="tunnel-up" remip=198.51.100.1',
    },
  ],
};
