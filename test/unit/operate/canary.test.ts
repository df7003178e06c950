import { changedTunnel } from "../../../operate/promotion/canary";
import { runSteps } from "../../../operate/promotion/gate";
import { lossText, watched, worse } from "../../../operate/promotion/loss";
import type { TunnelState, TunnelStatus } from "../../../contract/documents/status";
import { Refusal, type Io } from "../../../operate/command";

function seen(state: TunnelState, lossPercent?: number): TunnelStatus {
  const probe = { source: "10.10.0.2", target: "10.20.1.100", ok: true, at: "" };
  return {
    name: "west",
    peer: "198.51.100.11",
    daemon: "iked",
    state,
    selectors: [],
    differs: [],
    ...(lossPercent !== undefined && { probe: { ...probe, lossPercent } }),
  };
}

describe("a watched tunnel", () => {
  const good = watched([seen("proven", 0), seen("proven", 0)]);

  it("is no worse with the loss it had before", () => {
    const lossy = watched([seen("proven", 33), seen("proven", 0), seen("proven", 0)]);
    expect(worse(lossy, lossy)).toBeUndefined();
    expect(worse(lossy, good)).toBeUndefined();
    expect(worse(good, good)).toBeUndefined();
  });

  it("is worse if it loses more than before, though it is proven", () => {
    const after = watched([seen("proven", 33), seen("proven", 33), seen("proven", 0)]);
    expect(worse(good, after)).toBe("loses 22 % of its probes, before the change it was 0 %");
  });

  it("may lose one packet by chance", () => {
    expect(worse(good, watched([seen("proven", 33), seen("proven", 0)]))).toBeUndefined();
  });

  it("is worse if one answer did not find it proven", () => {
    const after = watched([seen("proven", 0), seen("negotiating", 0)]);
    expect(worse(good, after)).toBe("was not proven in 1 of 2 looks after the change");
  });

  it("is not good because it was not asked", () => {
    expect(worse(good, watched([]))).toMatch(/not looked at/);
  });

  it("says that it has no probe", () => {
    expect(lossText(watched([seen("proven")]))).toBe("no probe");
  });
});

describe("the resources of a tunnel that a preview names", () => {
  const base = "urn:pulumi:prod::gw::openbsd-ipsec-gateway:index:Gateway$openbsd-ipsec-gateway";
  const step = `${base}:openbsd:Tunnel$command:remote:Command::west`;
  const key = `${base}:openbsd:Tunnel$random:index/randomPassword:RandomPassword::west-psk`;

  it("are its step and its key, each once", () => {
    const steps = [
      { op: "update", urn: step },
      { op: "create-replacement", urn: key },
      { op: "replace", urn: key },
      { op: "update", urn: step.replace("::west", "::west-coast") },
      { op: "update", urn: step.replace("::west", "::east") },
      { op: "update", urn: `${base}:openbsd:System$command:remote:Command::west` },
    ];
    expect(changedTunnel("west", JSON.stringify({ steps }))).toEqual([step, key]);
  });

  it("are none where nothing changes", () => {
    const steps = [{ op: "same", urn: step }];
    expect(changedTunnel("west", JSON.stringify({ steps }))).toEqual([]);
    expect(changedTunnel("west", "{}")).toEqual([]);
  });
});

describe("the way from one stack to the other", () => {
  let said = "";
  const io = { err: (text: string) => (said += text), terminal: false } as unknown as Io;
  const step = (title: string, run: () => Promise<string>) => ({ title, run, back: "undo it" });
  const fine = () => Promise.resolve("fine");
  const refuse = () => Promise.reject(new Refusal("no"));

  it("ends at the first step that fails, with how to go on and how to go back", async () => {
    const steps = [step("one", fine), step("two", refuse), step("three", fine)];
    await expect(runSteps(steps, io)).rejects.toThrow(
      /^2\/3 two: no\nto go on: .*\nto go back: undo it$/,
    );
    expect(said).toMatch(/^promote: 1\/3 one: fine \(0 s\)\n$/);
  });
});
