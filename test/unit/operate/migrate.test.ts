import { GIB } from "../../../config/units";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isComparable, processorOf, rehearsal } from "../../../operate/migration/definition";
import type { Io } from "../../../operate/command";
import { migrate } from "../../../operate/migration/migrate";
import type { Move } from "../../../operate/migration/move";
import type { Standing } from "../../../hypervisor/domain";
import { GO_BACK, outcome } from "../../../operate/migration/outcome";
import { preflight } from "../../../operate/migration/preflight";
import { withValues } from "../../../operate/migration/repoint";
import { deployed } from "./support/deployed";
import { gateway } from "./support/gateway";

const PATH = process.env.PATH;
let directory: string;

const move = (changes: Partial<Move> = {}): Move => ({
  selection: { stack: "prod", signal: new AbortController().signal },
  name: "gw",
  volume: "gw",
  from: "test:///from",
  to: "test:///to",
  pool: "vg0",
  bridge: "br0",
  address: "192.0.2.7",
  live: false,
  shared: false,
  timeoutMs: 1000,
  ...changes,
});

const XML = `<domain type='kvm' id='1'>
  <name>gw</name>
  <uuid>b4479c55-8eda-4d73-a3b5-57655d8c0d59</uuid>
  <cpu mode='custom' match='exact' check='full'>
    <model fallback='forbid'>EPYC</model>
  </cpu>
  <devices>
    <disk type='volume' device='disk'>
      <source pool='vg0' volume='gw'/>
    </disk>
    <interface type='bridge'>
      <mac address='52:54:00:0a:0a:02'/>
      <source bridge='br0'/>
    </interface>
  </devices>
</domain>`;

/** What the two hypervisors say, by URI and command; without one of them there is no such thing. */
type Answers = Record<string, string | undefined>;
const HEALTHY: Answers = {
  "from domstate gw": "running",
  "from domuuid gw": "b4479c55",
  "from vol-info": `Capacity: ${2 * GIB}`,
  "from dumpxml": XML,
  "to pool-info": `State: running\nAvailable: ${3 * GIB}`,
  "to hypervisor-cpu-compare": "CPU is compatible",
  "to create": "",
  "to destroy": "",
};

function hypervisors(changes: Answers): void {
  const cases = Object.entries({ ...HEALTHY, ...changes })
    .filter(([, answer]) => answer !== undefined)
    .map(([key, answer]) => {
      const [where, ...words] = key.split(" ");
      const [text = "", status] = (answer ?? "").startsWith("error:") ? [answer, 1] : [answer, 0];
      writeFileSync(join(directory, key.replaceAll(" ", "-")), text);
      const out = status === 0 ? "" : ">&2";
      const file = join(directory, key.replaceAll(" ", "-"));
      const rest = words.at(-1) === "gw" ? "" : "*";
      return `"test:///${where} ${words.join(" ")}"${rest}) cat '${file}' ${out}; exit ${status} ;;`;
    });
  const script = `#!/bin/sh
uri=$3
shift 3
echo "$uri $*" >>${directory}/calls
if [ "$uri" = test:///to ]; then
  # The line is lost with the answer to a start.
  case " $* " in *" start "*) [ ! -e ${directory}/breaks ] || touch ${directory}/deaf ;; esac
  [ ! -e ${directory}/deaf ] || { echo "error: client socket is closed" >&2; exit 1; }
fi
case "$uri $(echo "$*" | sed 's/--[a-z]* //g')" in
${cases.join("\n")}
*vol-info*) echo "error: failed to get vol" >&2; exit 1 ;;
*) echo "error: failed to get domain" >&2; exit 1 ;;
esac
`;
  writeFileSync(join(directory, "virsh"), script, { mode: 0o755 });
}

async function failures(changes: Answers, options: Partial<Move> = {}): Promise<string[]> {
  hypervisors(changes);
  const failed: string[] = [];
  for await (const { name, ok, detail } of preflight(move(options))) {
    if (!ok) failed.push(`${name}: ${detail}`);
  }
  return failed;
}

describe("before a gateway is moved", () => {
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "migrate-"));
    process.env.PATH = `${directory}:${PATH}`;
  });
  afterEach(() => {
    process.env.PATH = PATH;
    rmSync(directory, { recursive: true });
  });

  it("a hypervisor that can have it is fine, and nothing is left there", async () => {
    expect(await failures({})).toEqual([]);
    const calls = readFileSync(join(directory, "calls"), "utf8");
    expect(calls).not.toMatch(/ (define|vol-create-as|vol-upload|shutdown|start|undefine) /);
    expect(calls).toMatch(/test:\/\/\/to create /);
  });

  it.each<[string, Answers, RegExp]>([
    ["is full", { "to pool-info": `State: running\nAvailable: ${GIB}` }, /^disk: .*1\.0 GiB free/],
    ["has a volume of its name", { "to vol-info": `Capacity: ${2 * GIB}` }, /^disk: .*vol-delete/],
    [
      "has another machine of its name",
      { "to domstate gw": "shut off", "to domuuid gw": "77777777" },
      /^place: .*another machine gw/,
    ],
    [
      "runs it too",
      { "to domstate gw": "running", "to domuuid gw": "b4479c55" },
      /^place: gw runs on both/,
    ],
    [
      "lacks a feature of its processor",
      { "to hypervisor-cpu-compare": "error: CPU is incompatible: missing vaes" },
      /^cpu: .*missing vaes/,
    ],
    [
      "lacks its bridge",
      { "to create": "error: Cannot get interface MTU on 'br0': No such device" },
      /^rehearsal: .*br0/,
    ],
    ["has its pool off", { "to pool-info": "State: inactive" }, /^pools: .*pool-start vg0/],
  ])("one that %s is refused", async (_, changes, message) => {
    expect((await failures(changes)).join("\n")).toMatch(message);
  });

  it.each<[string, Answers, RegExp | undefined]>([
    ["is the same", { "from vol-key": "x1-y2", "to vol-key": "x1-y2" }, undefined],
    ["is a file", { "from vol-key": "/a/gw", "to vol-key": "/b/gw" }, undefined],
    [
      "is what an earlier move has left",
      { "from vol-key": "x1-y2", "to vol-key": "x3-y4" },
      /^disk: .*has a volume gw of its own: not shared$/,
    ],
    [
      "has another size",
      { "to vol-info": `Capacity: ${GIB}` },
      /^disk: .*of 2\.0 GiB: not shared$/,
    ],
  ])("a shared disk that %s is told from others", async (_, keys, message) => {
    const there = { "to vol-info": `Capacity: ${2 * GIB}`, ...keys };
    const failed = await failures(there, { shared: true });
    expect(failed).toEqual(message ? [expect.stringMatching(message)] : []);
  });

  it("nothing is asked of the target once its machine is another one", async () => {
    await failures({ "to domstate gw": "shut off", "to domuuid gw": "77777777" });
    expect(readFileSync(join(directory, "calls"), "utf8")).not.toContain("to create");
  });

  it("what an interrupted run left is gone on with", async () => {
    const left = {
      "to domstate gw": "shut off",
      "to domuuid gw": "b4479c55",
      "to vol-info": `Capacity: ${2 * GIB}`,
    };
    expect(await failures(left)).toEqual([]);
  });

  it("the address has to be that of the other hypervisor, and be known", async () => {
    expect(await failures({}, { live: true, address: "127.0.1.1" })).toContainEqual(
      expect.stringMatching(/^address: .*reaches itself/),
    );
    const uri = "qemu+ssh://to/system?no_verify";
    expect((await failures({}, { to: uri }))[0]).toMatch(/^host keys: .*no_verify/);
  });
});

describe("a gateway that runs on the target already", () => {
  const there: Answers = {
    "from domstate gw": "shut off",
    "to domstate gw": "running",
    "to domuuid gw": "b4479c55",
    "from dominfo gw": "Autostart:      disable",
    "from undefine": "",
    "from vol-key": "/dev/vg0/gw",
    "to vol-key": "/dev/vg1/gw",
    "to dominfo gw": "Autostart:      disable",
  };
  const io = { err: () => undefined, signal: new AbortController().signal } as unknown as Io;

  /** A stack without tunnels, whose state can be written or not. */
  function engine(takesState: boolean): void {
    const outputs = JSON.stringify({ ...deployed, tunnels: [] });
    const script = `#!/bin/sh
echo "pulumi $*" >>${directory}/calls
case "$*" in
  "stack output"*) echo '${outputs}' ;;
  "stack export"*) echo '{}' ;;
  "stack import"*) cat >/dev/null; exit ${takesState ? 0 : 1} ;;
esac
`;
    writeFileSync(join(directory, "pulumi"), script, { mode: 0o755 });
    // It answers every question with nothing.
    writeFileSync(join(directory, "ssh"), "#!/bin/sh\ncat >/dev/null\n", { mode: 0o755 });
  }
  const calls = (): string[] =>
    readFileSync(join(directory, "calls"), "utf8")
      .split("\n")
      .flatMap((line) => /undefine|stack import|config set/.exec(line)?.[0] ?? []);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "migrate-"));
    process.env.PATH = `${directory}:${PATH}`;
    process.env.XDG_STATE_HOME = directory;
  });
  afterEach(() => {
    process.env.PATH = PATH;
    delete process.env.XDG_STATE_HOME;
    rmSync(directory, { recursive: true });
  });

  it("is not at its source any more before the stack says where it is", async () => {
    hypervisors(there);
    engine(false);
    await expect(migrate(move(), io)).rejects.toThrow(/gw runs on test:\/\/\/to, .*run this again/);
    // Where a kill ends it is like that: what is left to do shows on the hypervisors.
    expect(calls()).toEqual(["undefine", "stack import"]);
  });

  it.each([
    ["answers", 0, /so it runs on test:\/\/\/to: do not start it anywhere/],
    ["is silent", 255, /which does not say that it is off: do not start it anywhere/],
  ])(
    "is not started at its source when the line is lost on the way, while it %s",
    async (_, status, message) => {
      hypervisors({
        ...{ "from domstate gw": "shut off", "from dominfo gw": "Autostart: enable" },
        ...{ "from autostart": "", "to define": "", "from start": "" },
      });
      engine(true);
      const ssh = `#!/bin/sh\ncat >/dev/null\necho Connection refused >&2\nexit ${status}\n`;
      writeFileSync(join(directory, "ssh"), ssh, { mode: 0o755 });
      writeFileSync(join(directory, "breaks"), "");
      await expect(migrate(move({ shared: true }), io)).rejects.toThrow(message);
      const started = readFileSync(join(directory, "calls"), "utf8").match(/\S+ start .*/g);
      expect(started).toEqual([expect.stringMatching(/^test:\/\/\/to start/)]);
    },
  );

  it("is made known by the next run, which finds nothing left at the source", async () => {
    hypervisors({ ...there, "from domstate gw": undefined, "from domuuid gw": undefined });
    engine(true);
    expect(await migrate(move(), io)).toMatchObject({ missing: [], clean: true });
    expect(calls()).toEqual(["stack import", "config set"]);
  });
});

describe("what becomes of a move that failed", () => {
  const ends = (source: Standing, target: Standing, answers = false, live = false): string =>
    outcome(move({ live }), { source, target, answers });

  it("it goes back where both sides say that this makes no second gateway", () => {
    for (const target of ["off", "absent", "paused"] as const) {
      expect(ends("running", target, true)).toBe(GO_BACK);
    }
    for (const target of ["off", "absent"] as const) expect(ends("off", target)).toBe(GO_BACK);
    // Not proven in time on the target: it goes off there first.
    expect(ends("off", "running", true)).toBe(GO_BACK);
  });

  it("no start is advised, nor made, where one side or the address says otherwise", () => {
    const all = ["running", "paused", "off", "absent", "unknown"] as const;
    for (const source of all) {
      for (const target of all) {
        for (const answers of [true, false]) {
          for (const live of [true, false]) {
            const what = ends(source, target, answers, live);
            const isKnown = source !== "unknown" && target !== "unknown";
            const isElsewhere = answers && source !== "running" && target !== "running";
            const goes = what === GO_BACK;
            expect([source, target, goes && (!isKnown || isElsewhere)]).toEqual([
              source,
              target,
              false,
            ]);
            expect(what.replaceAll("do not start it", "")).not.toMatch(/start (?:it|gw)/);
          }
        }
      }
    }
    expect(ends("off", "unknown", true)).toMatch(
      /it runs on test:\/\/\/to: do not start it anywhere/,
    );
    expect(ends("off", "absent", true)).toMatch(/find out where before anything is started/);
    expect(ends("running", "running")).toMatch(
      /runs on .* and on .*: shut down the one that is not/,
    );
    expect(ends("unknown", "running")).toMatch(/runs on test:\/\/\/to, .*leave it there/);
    expect(ends("off", "running", true, true)).toMatch(/runs on test:\/\/\/to: run this again/);
  });
});

describe("definitions", () => {
  it("a rehearsal has neither disk nor identity of the gateway", () => {
    const text = rehearsal(XML, "gw-rehearsal");
    expect(text).toContain("<name>gw-rehearsal</name>");
    expect(text).toContain("<source bridge='br0'/>");
    expect(text).toContain("EPYC");
    expect(text).not.toMatch(/uuid|<disk|52:54|volume/);
  });

  it("a processor with a model can be compared, a mode of the host cannot", () => {
    expect(isComparable(processorOf(XML) ?? "")).toBe(true);
    expect(isComparable("<cpu mode='maximum' check='none'/>")).toBe(false);
    expect(isComparable("<cpu><model>EPYC</model></cpu>")).toBe(true);
  });
});

describe("a state that names another hypervisor", () => {
  it("differs where the value stands alone, and nowhere else", () => {
    const state = {
      id: "/dev/vg0/gw",
      urn: "urn:x::/dev/vg0/gw",
      inputs: { uri: "qemu:///system", note: "see qemu:///system", sizes: [1, null, true] },
    };
    const values = new Map([
      ["qemu:///system", "qemu+ssh://hv2/system"],
      ["/dev/vg0/gw", "/dev/vg1/gw"],
    ]);
    expect(withValues(state, values)).toEqual({
      id: "/dev/vg1/gw",
      urn: "urn:x::/dev/vg0/gw",
      inputs: { uri: "qemu+ssh://hv2/system", note: "see qemu:///system", sizes: [1, null, true] },
    });
  });
});

describe("gateway migrate", () => {
  it.each([
    [["--to", "qemu+ssh://hv2/system"], /--stack NAME is missing/],
    [["--stack", "prod"], /--to URI is missing/],
    [["--stack", "prod", "--to", "hv2"], /--to hv2: write the libvirt URI/],
    [["--stack", "prod", "hv2"], /unexpected argument: .* --to URI/],
    [["--stack", "prod", "--to", "qemu+ssh://hv2/system", "--yes", "test"], /--yes test/],
    [["--stack", "prod", "--to", "qemu+ssh://hv2/system", "--timeout", "0"], /--timeout/],
  ])("%j is called wrongly", async (argv, message) => {
    const { status, err } = await gateway(["migrate", ...argv]);
    expect(status).toBe(64);
    expect(err).toMatch(message);
  });
});
