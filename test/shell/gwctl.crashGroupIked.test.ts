import { convergesWithoutLeader } from "./support/groupKills";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel } from "./support/texts";

describeShell("iked's tunnels that are put at the same time, with their leader killed", () => {
  const gateway = new Scratch({ hasty: true });
  afterAll(() => {
    gateway.dispose();
  });
  jest.setTimeout(900_000);

  const ok = (args: string, input = "") => {
    expect(gateway.run(args, { input })).toMatchObject({ status: 0, stderr: "" });
  };

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
        ok("services", IKED_ON);
        ok("tunnel put iked east", ikedTunnel({ name: "east" }));
        ok("tunnel put iked west", west);
        ok("tunnel put iked north", north);
        one = sas();
        ok("tunnel remove north");
        ok("tunnel put iked west", ikedTunnel({ lifetime: 1 }));
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
