import { convergesWithoutLeader } from "./support/groupKills";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

describeShell("iked's tunnels that are put at the same time, with their leader killed", () => {
  const gateway = new Scratch({ hasty: true });
  afterAll(() => {
    gateway.dispose();
  });
  jest.setTimeout(900_000);

  test("each has its text and its SA", async () => {
    const west = ikedTunnel({ lifetime: 2 });
    const north = ikedTunnel({ name: "north" });
    const sas = () =>
      gateway
        .fakeRead("sas")
        .split("\n")
        .map((line) => line.replace(/.*<(.*)>.* pol /, "$1 "))
        .filter(Boolean)
        .sort();
    // As they are when one is put after the other.
    let one: string[] = [];
    await convergesWithoutLeader(gateway, {
      before: () => {
        gateway.ok("services", IKED_ON);
        gateway.ok("tunnel put iked east", ikedTunnel({ name: "east" }));
        gateway.ok("tunnel put iked west", west);
        gateway.ok("tunnel put iked north", north);
        one = sas();
        gateway.ok("tunnel remove north");
        gateway.ok("tunnel put iked west", ikedTunnel({ lifetime: 1 }));
      },
      puts: [
        { words: "iked west", text: west },
        { words: "iked north", text: north },
      ],
      after: () => {
        expect(sas()).toEqual(one);
      },
    });
  });
});
