import { convergesWithoutLeader } from "./support/groupKills";
import { describeShell, Scratch } from "./support/scratch";
import { ISAKMPD_ON, isakmpdTunnel } from "./support/texts";

describeShell("isakmpd's tunnels that are put at the same time, with their leader killed", () => {
  const gateway = new Scratch({ hasty: true });
  afterAll(() => {
    gateway.dispose();
  });
  jest.setTimeout(900_000);

  test("each has its rule and no other", async () => {
    const west = isakmpdTunnel({ ikeLifetime: 3600 });
    const east = isakmpdTunnel({ name: "east" });
    const rules = [west, east]
      .map((text) => text.split("\n").find((line) => line.startsWith("ike")))
      .sort();
    await convergesWithoutLeader(gateway, {
      before: () => {
        gateway.ok("services", ISAKMPD_ON);
        gateway.ok("tunnel put isakmpd west", isakmpdTunnel({}));
        gateway.ok("tunnel put isakmpd east", isakmpdTunnel({ name: "east", lifetime: 60 }));
      },
      puts: [
        { words: "isakmpd west", text: west },
        { words: "isakmpd east", text: east },
      ],
      after: () => {
        expect(gateway.fakeRead("rules").split("\n").filter(Boolean).sort()).toEqual(rules);
      },
    });
  });
});
