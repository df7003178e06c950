import { parseConntrack, parsePfStates } from "../../../parse/flows";

const GATEWAY = "10.10.0.2";
const end = (text: string) => {
  const [host = "", port] = text.split(":");
  return { host, port: Number(port) };
};
const flow = (
  by: "gateway" | "peer",
  inside: string,
  outside: string,
  peer: string,
  shown = peer,
) => ({
  protocol: "udp",
  by,
  inside: end(inside),
  outside: end(outside),
  peer: end(peer),
  shown: end(shown),
});

describe("conntrack", () => {
  const parse = (row: string) => parseConntrack([row], GATEWAY);

  it("knows a peer that came by itself", () => {
    expect(
      parse(
        "udp      17 119 src=198.51.100.11 dst=198.51.100.1 sport=4500 dport=4500 src=10.10.0.2 dst=198.51.100.11 sport=4500 dport=4500 [ASSURED] mark=0 use=1",
      ),
    ).toEqual([flow("peer", "10.10.0.2:4500", "198.51.100.1:4500", "198.51.100.11:4500")]);
  });

  it("knows a peer whose address was hidden", () => {
    expect(
      parse(
        "ipv4     2 udp      17 28 src=198.51.100.11 dst=198.51.100.1 sport=500 dport=500 [UNREPLIED] src=10.10.0.2 dst=10.10.0.1 sport=500 dport=500 mark=0 zone=0 use=2",
      ),
    ).toEqual([
      flow("peer", "10.10.0.2:500", "198.51.100.1:500", "198.51.100.11:500", "10.10.0.1:500"),
    ]);
  });

  it("knows a port that was rewritten on the way out", () => {
    expect(
      parse(
        "udp      17 29 src=10.10.0.2 dst=198.51.100.12 sport=500 dport=500 src=198.51.100.12 dst=198.51.100.1 sport=500 dport=1024 mark=0 use=1",
      ),
    ).toEqual([flow("gateway", "10.10.0.2:500", "198.51.100.1:1024", "198.51.100.12:500")]);
  });

  it("knows ESP by its number", () => {
    expect(
      parse(
        "unknown  50 597 src=10.10.0.2 dst=198.51.100.12 src=198.51.100.12 dst=10.10.0.2 use=1",
      ),
    ).toMatchObject([
      { protocol: "esp", by: "gateway", peer: { host: "198.51.100.12", port: undefined } },
    ]);
  });

  it.each([
    "",
    "tcp      6 431999 ESTABLISHED src=10.10.0.254 dst=10.10.0.2 sport=49724 dport=22 src=10.10.0.2 dst=10.10.0.254 sport=22 dport=49724 [ASSURED] mark=0 use=1",
    "udp      17 119 src=10.10.0.2 dst=198.51.100.11 sport=4500 dport=4500",
    "udp 17 1 src=10.10.0.9 dst=1.1.1.1 sport=1 dport=2 src=1.1.1.1 dst=10.10.0.9 sport=2 dport=1",
  ])("passes over %j", (row) => {
    expect(parse(row)).toEqual([]);
  });
});

describe("pf", () => {
  const parse = (row: string) => parsePfStates([row], GATEWAY);

  test.each([
    [
      "all udp 10.10.0.2:4500 (198.51.100.1:4500) <- 198.51.100.11:4500       MULTIPLE:MULTIPLE",
      flow("peer", "10.10.0.2:4500", "198.51.100.1:4500", "198.51.100.11:4500"),
    ],
    [
      "em0 udp 198.51.100.1:61234 (10.10.0.2:500) -> 198.51.100.12:500       SINGLE:NO_TRAFFIC",
      flow("gateway", "10.10.0.2:500", "198.51.100.1:61234", "198.51.100.12:500"),
    ],
    [
      "all udp 10.10.0.2:500 <- 198.51.100.11:500       MULTIPLE:MULTIPLE",
      flow("peer", "10.10.0.2:500", "10.10.0.2:500", "198.51.100.11:500"),
    ],
    [
      "all udp 10.10.0.2:4500 (198.51.100.1:4500) <- 10.10.0.1:50000 (198.51.100.11:4500)       MULTIPLE:MULTIPLE",
      flow("peer", "10.10.0.2:4500", "198.51.100.1:4500", "198.51.100.11:4500", "10.10.0.1:50000"),
    ],
    [
      "all esp 10.10.0.2 <- 198.51.100.11       MULTIPLE:MULTIPLE",
      {
        ...{ protocol: "esp", by: "peer" },
        ...{ inside: { host: "10.10.0.2" }, outside: { host: "10.10.0.2" } },
        ...{ peer: { host: "198.51.100.11" }, shown: { host: "198.51.100.11" } },
      },
    ],
    [
      "all udp 10.10.0.1:50000 (198.51.100.11:500) -> 10.10.0.2:500       SINGLE:NO_TRAFFIC",
      {
        protocol: "udp",
        by: "peer",
        inside: end("10.10.0.2:500"),
        peer: end("198.51.100.11:500"),
        shown: end("10.10.0.1:50000"),
      },
    ],
  ])("%s", (row, wanted) => {
    expect(parse(row)).toEqual([wanted]);
  });

  test.each([
    "all udp 198.51.100.11:4500 -> 10.10.0.2:4500       MULTIPLE:MULTIPLE",
    "all udp 198.51.100.11:500 <- 10.10.0.2:500       MULTIPLE:MULTIPLE",
    "em0 udp 198.51.100.1:61234 (10.10.0.9:500) -> 198.51.100.12:500       SINGLE:NO_TRAFFIC",
    "all tcp 10.10.0.2:22 <- 10.10.0.254:49724       ESTABLISHED:ESTABLISHED",
    "No ALTQ support in kernel",
    "all udp 999",
  ])("passes over %s", (row) => {
    expect(parse(row)).toEqual([]);
  });
});
