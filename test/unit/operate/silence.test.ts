import { EXIT } from "../../../contract/exit";
import type { Io } from "../../../operate/command";
import { run as flows } from "../../../operate/handlers/flows";
import { run as rules } from "../../../operate/handlers/rules";
import { run as status } from "../../../operate/handlers/status";
import { outputOf } from "../../../operate/ssh/connection";
import { readOutputs } from "../../../operate/stack/outputs";
import { document } from "../support/documents";
import { deployed } from "./support/deployed";

jest.mock("../../../operate/stack/outputs");
jest.mock("../../../operate/ssh/connection");

let out = "";
let err = "";
const stop = new AbortController();
const io: Io = {
  out: (text) => (out += text),
  err: (text) => (err += text),
  terminal: false,
  stdin: () => Promise.resolve(""),
  signal: stop.signal,
};

beforeEach(() => {
  out = err = "";
  jest.mocked(readOutputs).mockResolvedValue(deployed);
});

test("status --watch says at once what it waits for, also into a pipe", async () => {
  jest.mocked(readOutputs).mockReturnValue(new Promise(() => undefined));
  void status(["--watch"], io);
  await Promise.resolve();
  expect([out, err]).toEqual(["", "reading what the stack declares …\n"]);
});

test.each([
  [
    "flows west",
    flows,
    ["west"],
    "gateway: flows: the kernel has no flow and no SA from or to 198.51.100.11: see ./scripts/gateway why west\n",
  ],
  [
    "flows --json",
    flows,
    ["--json"],
    "gateway: flows: the kernel has no flow and no SA: see ./scripts/gateway status\n",
  ],
  [
    "rules west",
    rules,
    ["west"],
    "gateway: rules: the packet filter has no rule tagged vpn-west: see ./scripts/gateway why west\n",
  ],
])("%s says that there is nothing to show", async (_, run, argv, message) => {
  jest.mocked(outputOf).mockResolvedValue("FLOWS:\nNo flows\n\nSAD:\nNo entries\n");
  expect(await run(argv, io)).toBe(EXIT.ok);
  expect(err).toBe(message);
});

test("rules --json prints one document, of the tunnel's rules and their counters", async () => {
  const rule = (tag: string, packets: number) =>
    `pass in on enc0 inet all flags S/SA keep state (if-bound) tagged vpn-${tag}
  [ Evaluations: 12        Packets: ${packets}         Bytes: 588         States: 1     ]
`;
  jest.mocked(outputOf).mockResolvedValue(rule("east", 3) + rule("west", 7));
  expect(await rules(["west", "--json"], io)).toBe(EXIT.ok);
  const [shown = ""] = rule("west", 7).split("\n");
  expect(document("rules", out)).toEqual({
    rules: [{ rule: shown, evaluations: 12, packets: 7, bytes: 588, states: 1 }],
  });
  expect(err).toBe("");
});
