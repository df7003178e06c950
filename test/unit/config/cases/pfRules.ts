import type { Case } from "./case";

const rules = (text: string) => ({ "system.pfRules": text });

/** Rules in pf.conf(5)'s grammar, as pfctl takes them (parse.y). */
const statementCases: [refused: string, accepted: string, says: RegExp][] = [
  [
    'pass in proto tcp\ninclude "/etc/more.conf"',
    "pass in proto tcp\n# set is fine in a comment",
    /line 2 starts with include/,
  ],
  [
    "pass in\nse\\\nt skip on vio0",
    "# a comment goes on \\\nset skip on vio0",
    /line 3 starts with set/,
  ],
  [
    'x = "load"\n$x anchor a from "/etc/a"',
    'pass in set prio 5 label "load"',
    /line 2 starts with load/,
  ],
  [
    'anchor x on { vio0 } {\n  include "/etc/a"\n}',
    "anchor x on { vio0 } {\n  block\n}",
    /line 2 starts with include/,
  ],
  [
    "block out user { root }\nset skip on vio0",
    "block out user { root,\n load }",
    /line 2 starts with set/,
  ],
  [
    'anchor x {\n  block\n}\npass in\ninclude "/etc/a"',
    "anchor x {\n  block out user {\n load }\n}",
    /line 5 starts with include/,
  ],
];

const hostCases: [refused: string, accepted: string, name: string][] = [
  ["from web.example.net", "from { 10.0.0.1, ! 10.0.0.0/8 } to <t>", "web.example.net"],
  ["from any to { 10/8, vio0:network }", "to { (vio0:network), self }", "vio0:network"],
  ['to "db" port www', "from 10.0.0.1 - 10.0.0.9 port > 1023", "db"],
  ["proto tcp to port 80 rdr-to web weight 2", "rdr-to { 10.0.0.1 weight 2 }", "web"],
  ["log (all, to pflog1) from ::1 to h", "log (all, to pflog1) from ::1 to fe80::1%vio0", "h"],
  ["inet from route lab to x", "inet from route lab os OpenBSD to no-route", "x"],
  ["to { route lab, web }", "to { route lab, 10.0.0.1 }", "web"],
  ["to { <bad>, web }", "to { <bad>, ! <good> }", "web"],
  ["to { (vio0), web }", "to { (vio0), 10.0.0.1 }", "web"],
  ["from 10.0.0.1 - last", "from port 22 os OpenBSD", "last"],
  ["from ! web", "from ! 10.0.0.1", "web"],
  ["to web1", "to port www", "web1"],
  ["to 10.example.net", "to 10.0.0.0/8", "10.example.net"],
  ["to bce0:0", "to 2001:DB8::1", "bce0:0"],
  ["to bce0:network", "to port { http https }", "bce0:network"],
  ['from any label "("\npass from web', 'from any label "to" keep state', "web"],
  ['from any label ")"\npass from web', 'label "table" user { root }', "web"],
];

/** Rules of pf that the administrator writes. */
export const pfRuleCases: Record<string, Case[]> = {
  GW083: statementCases.map(([refused, accepted, says]) => ({
    refuses: rules(refused),
    accepts: rules(accepted),
    at: "system.pfRules",
    says,
  })),
  GW160: [
    ...hostCases.map(([refused, accepted, name]) => ({
      refuses: rules(`pass in ${refused}`),
      accepts: rules(`pass in ${accepted}`),
      at: "system.pfRules",
      says: new RegExp(`has the name ${name} in the place of an address`),
    })),
    {
      refuses: rules('table <t> { 10.0.0.1\n gw }\nhosts = "{ a 10.0.0.2 }"'),
      accepts: rules('table <t> persist { 10.0.0.1\n ::1 }\nhosts = "{ a b }"'),
      at: "system.pfRules",
      says: /line 2 has the name gw/,
    },
    {
      refuses: rules('hosts = "{ 10.0.0.1 a }"\npass in \\\n from $hosts'),
      accepts: rules('net = "10.0.0"\npass in from $net.1/24 to ($if)'),
      at: "system.pfRules",
      says: /line 3 has the name a /,
    },
    {
      refuses: rules("table <t> { gw }\npass in"),
      accepts: rules("table <t> persist\nblock user { root }"),
      at: "system.pfRules",
      says: /line 1 has the name gw/,
    },
  ],
  GW161: [
    {
      refuses: rules('table <t> persist { 10.0.0.1 } file "/etc/t"'),
      accepts: rules('table <t> persist { 10.0.0.1 }\npass in label "file"'),
      at: "system.pfRules",
      says: /line 1 reads a table from a file/,
    },
    {
      refuses: rules('pass in\ntable <t> file "/etc/t"'),
      accepts: rules("block out user file"),
      at: "system.pfRules",
      says: /line 2 reads a table from a file/,
    },
  ],
};
