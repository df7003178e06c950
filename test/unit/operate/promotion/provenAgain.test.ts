import { provenAgain } from "../../../../operate/promotion/provenAgain";
import type { TunnelState } from "../../../../contract/documents/status";

/** A tunnel whose states come by a clock that only waiting moves; what it said, and when it was asked. */
async function put(
  stateAt: (seconds: number, asked: readonly number[]) => TunnelState,
  patienceSeconds = 120,
): Promise<{ said: string; asked: number[] }> {
  let ms = 0;
  const asked: number[] = [];
  const said = await provenAgain(
    {
      state: () => Promise.resolve(stateAt(ms / 1000, asked)),
      negotiate: () => Promise.resolve(asked.push(ms / 1000)),
      now: () => ms,
      pause: (time) => Promise.resolve((ms += time)),
    },
    patienceSeconds,
  );
  return { said, asked };
}

describe("a tunnel that was put back", () => {
  it("comes by itself, and is left alone until then", async () => {
    const { said, asked } = await put((second) => (second < 3 ? "down" : "proven"));
    expect(said).toBe("and proven again after 3 s");
    expect(asked).toEqual([]);
  });

  it("that was refused is asked to negotiate anew, not left until iked's next try", async () => {
    const { said, asked } = await put((_, tries) => (tries.length < 2 ? "down" : "proven"));
    expect(asked).toEqual([10, 20]);
    expect(said).toBe("and proven again after 21 s");
  });

  it.each<TunnelState>(["negotiating", "established", "unknown"])(
    "is not disturbed while it is %s",
    async (state) => {
      const { said, asked } = await put((second) => (second < 90 ? state : "proven"));
      expect(asked).toEqual([]);
      expect(said).toBe("and proven again after 90 s");
    },
  );

  it("counts as idle only from when it fell back", async () => {
    const { asked } = await put((second) =>
      second < 8 ? "down" : second < 15 ? "negotiating" : second < 30 ? "down" : "proven",
    );
    expect(asked).toEqual([24]);
  });

  it("is reported as it is when the time is over", async () => {
    const { said } = await put(() => "established", 60);
    expect(said).toBe("but still established after 60 s");
  });

  it("is asked for once more, however long an answer takes", async () => {
    const { said } = await put((second) => (second < 60 ? "down" : "proven"), 60);
    expect(said).toBe("and proven again after 60 s");
  });
});
