import { parseHostnameIf } from "../../../parse/hostnameIf";

const ADDRESS = "10.255.0.1/30";
const PEER = "10.255.0.2";

test.each([
  ["a dotted mask and the peer", "inet 10.255.0.1 255.255.255.252 10.255.0.2"],
  ["a hexadecimal mask", "inet 10.255.0.1 0xfffffffc NONE\ndest 10.255.0.2"],
  ["a prefix and a line of the peer's", "# ours\n\ninet 10.255.0.1/30\ndest 10.255.0.2\nup"],
])("the addresses are read from %s", (_form, text) => {
  expect(parseHostnameIf(text)).toEqual({
    ...{ address: ADDRESS, peerAddress: PEER, routes: [], others: [] },
  });
});

test("IPv6 has a prefix of its own", () => {
  expect(parseHostnameIf("inet6 2001:db8::1 126\nmtu 1400").address).toBe("2001:db8::1/126");
});

test.each([
  ["!route add 10.2.0.0/16 10.255.0.2", { network: "10.2.0.0/16", gateway: PEER }],
  ["!/sbin/route -qn add -inet 10.2.0.0/16 10.255.0.2", { network: "10.2.0.0/16", gateway: PEER }],
  ["! route add -priority 9 10.2.0.0/16 -ifp sec0", { network: "10.2.0.0/16", priority: 9 }],
  [
    "!route add -net 10.2.0.0 -netmask 255.255.0.0 10.255.0.2 -priority 10",
    { network: "10.2.0.0/16", gateway: PEER, priority: 10 },
  ],
  ["!route add -host 10.2.0.7 10.255.0.2", { network: "10.2.0.7/32", gateway: PEER }],
  [
    "!route -n add -inet6 -prefixlen 48 2001:db8:2:: 2001:db8::2",
    { network: "2001:db8:2::/48", gateway: "2001:db8::2" },
  ],
])("%s is a route", (line, route) => {
  expect(parseHostnameIf(line)).toMatchObject({ routes: [route], others: [] });
});

test.each([
  "!route delete 10.2.0.0/16",
  "!route add default 10.255.0.2",
  "!route add 10.2.0.0 10.255.0.2",
  "!route add -priority 64 10.2.0.0/16 10.255.0.2",
  "!sh /etc/routes",
  "inet autoconf",
  "inet 10.255.0.1",
  "inet 10.255.0.1/33",
  "inet6 10.255.0.1 30",
  "dest peer.example.net",
  "rdomain 3",
])("%s says something else, and is named", (text) => {
  expect(parseHostnameIf(`up\n${text}`)).toEqual({ routes: [], others: [{ line: 2, text }] });
});

test("a second address is not taken for the first", () => {
  const { address, others } = parseHostnameIf(`inet ${ADDRESS}\ninet alias 10.9.0.1 0xffffffff`);
  expect([address, others]).toEqual([
    ADDRESS,
    [{ line: 2, text: "inet alias 10.9.0.1 0xffffffff" }],
  ]);
});
