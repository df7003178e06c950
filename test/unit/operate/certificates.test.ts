import type { CertificateStatus } from "../../../contract/documents/status";
import {
  certificateProblems,
  certificateRemarks,
  certificatesAt,
} from "../../../operate/status/certificates";
import { deployed } from "./support/deployed";

const AT = new Date("2026-11-23T12:00:00Z");

function at(kind: CertificateStatus["kind"], ends: string): CertificateStatus[] {
  const ending = { kind, subject: "/O=Example/CN=x", ends };
  const certificates = { ca: "", revoked: [], ends: [ending] };
  return certificatesAt({ ...deployed, certificates }, AT) ?? [];
}

const told = (kind: CertificateStatus["kind"], ends: string) => {
  const all = at(kind, ends);
  return [certificateRemarks(all).length, certificateProblems(all).length];
};

test("a stack without certificates has none", () => {
  expect(certificatesAt(deployed, AT)).toBeUndefined();
});

test.each([
  ["own", "2026-12-24T12:00:00Z", [0, 0]],
  ["own", "2026-12-23T11:00:00Z", [1, 0]],
  ["ca", "2026-11-30T12:00:00Z", [1, 0]],
  ["ca", "2026-11-30T11:00:00Z", [0, 1]],
  ["own", "2026-11-22T12:00:00Z", [0, 1]],
  ["crl", "2026-12-01T12:00:00Z", [0, 0]],
  ["crl", "2026-11-25T12:00:00Z", [1, 0]],
  ["crl", "2026-11-24T11:00:00Z", [0, 1]],
] as const)("%s that ends at %s is a remark or a problem: %j", (kind, ends, expected) => {
  expect(told(kind, ends)).toEqual(expected);
});

describe("what the stack's authority has signed", () => {
  const kept = { serial: "4f", crl: undefined, peers: [] };
  const of = (kind: CertificateStatus["kind"], ends: string): CertificateStatus[] => {
    const ending = { kind, subject: "/CN=x", ends, issuer: "/CN=gw authority 1" };
    const certificates = { ca: "", revoked: [], ends: [ending], kept };
    return certificatesAt({ ...deployed, certificates }, AT) ?? [];
  };

  it("says who has signed it, and that an update renews it", () => {
    expect(certificateRemarks(of("own", "2026-12-10T00:00:00Z"))).toEqual([
      "the gateway's certificate /CN=x, signed by /CN=gw authority 1, ends in 16 days, on 2026-12-10",
    ]);
    expect(certificateProblems(of("own", "2026-11-26T00:00:00Z"))[0]).toMatch(
      /: run pulumi up, which renews it$/,
    );
    expect(certificateProblems(of("peer", "2026-11-26T00:00:00Z"))[0]).toMatch(
      /^the peer's certificate .*hand it over: gateway peer$/,
    );
  });

  it("needs a successor of its authority months before the end", () => {
    expect(certificateRemarks(of("ca", "2027-04-01T00:00:00Z"))).toHaveLength(1);
    expect(certificateProblems(of("ca", "2027-01-01T00:00:00Z"))[0]).toMatch(
      /begin with its successor: write it in ike\.certificates\.authority\.also/,
    );
  });
});

test("the days and what to do are said", () => {
  expect(at("own", "2026-11-26T13:00:00Z")[0]?.days).toBe(3);
  expect(certificateProblems(at("own", "2026-11-26T13:00:00Z"))).toEqual([
    "the gateway's certificate /O=Example/CN=x ends in 3 days, on 2026-11-26: " +
      "have the output certificateRequest signed again, and write it as ike.certificates.own",
  ]);
  expect(certificateProblems(at("crl", "2026-11-23T13:00:00Z"))[0]).toMatch(
    /^the list of revoked certificates of \/O=Example\/CN=x ends in less than a day, on 2026-11-23: /,
  );
  expect(certificateProblems(at("ca", "2026-11-23T11:00:00Z"))[0]).toMatch(
    /has ended on 2026-11-23/,
  );
});
