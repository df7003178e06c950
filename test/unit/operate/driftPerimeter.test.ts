import { comparePieces } from "../../../operate/drift/perimeter";
import { machines } from "../../../operate/perimeter/machines";
import { parseOutputs } from "../../../operate/stack/outputs";
import { answers } from "../../../render/perimeter/marks";
import { around, deployed, exported } from "./support/deployed";

const [firewall, files] = machines(around);

/** What the firewall prints when all is as declared; an edit changes a line. */
function told(from = "", to = ""): ReturnType<typeof answers> {
  const names = ["perimeter", "udp-500", "udp-4500", "route-10.20.1.0-24"];
  const text = names.map((name) => `--- ${name}\npresent\t\nmark\tabc\n`).join("");
  return answers(text.replace(from, to));
}

function found(from?: string, to?: string) {
  return comparePieces(firewall ?? { pieces: [] }, told(from, to));
}

it("knows every machine by its own key, and the host it goes through", () => {
  const { perimeter } = parseOutputs(exported({ ...deployed, perimeter: around }));
  expect(machines(perimeter)).toEqual(machines(around));
  expect(firewall?.target).toMatchObject({
    host: "10.10.0.1",
    hostKey: "ssh-ed25519 AAAAperimeter",
  });
  expect(files?.target).toMatchObject({
    name: "files",
    jump: { host: "10.10.0.1", port: 2222, user: "jump", hostKey: "ssh-ed25519 AAAAjump" },
  });
});

it("asks nothing of a firewall that the stack does not drive", () => {
  expect(machines({ ...around, driver: "manual", hosts: [] })).toEqual([]);
  expect(machines(undefined)).toEqual([]);
});

it("finds nothing where all is as declared", () => {
  expect(found()).toEqual({ findings: [], notes: [], unknown: [] });
});

test.each([
  [
    "--- udp-500\npresent\t",
    "--- udp-500\nmissing\tno such rule is loaded",
    { what: "udp-500", problem: "is not there: no such rule is loaded", fix: /pulumi up/ },
  ],
  [
    "--- udp-4500\npresent\t",
    "--- udp-4500\nforeign\tip nat pre: udp dport 4500 dnat to 10.10.0.9",
    { what: "udp-4500", problem: /another origin .* 10\.10\.0\.9$/, fix: /remove that rule/ },
  ],
  [
    "--- route-10.20.1.0-24\npresent\t",
    "--- route-10.20.1.0-24\nunkept\tnothing sets the route at boot",
    { what: "route-10.20.1.0-24", problem: /outlive a reboot/, fix: /pulumi up/ },
  ],
])("%j became %j", (from, to, { what, problem, fix }) => {
  expect(found(from, to).findings).toEqual([
    {
      kind: "perimeter",
      what,
      problem: expect.stringMatching(problem) as string,
      steps: [],
      fix: expect.stringMatching(fix) as string,
    },
  ]);
});

it("passes on what only the owner can better, as a note", () => {
  const { findings, notes } = found("present\t", "advice\tsystemctl enable nftables");
  expect([findings, notes]).toEqual([[], ["perimeter: systemctl enable nftables"]]);
});
