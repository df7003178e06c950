import * as fs from "node:fs";
import * as path from "node:path";
import { describeShell, Scratch } from "./support/scratch";
import { IKED_ON, ikedTunnel, ISAKMPD_ON, isakmpdTunnel } from "./support/texts";
import { Waiting, type Put } from "./support/waiting";

describeShell(
  "tunnels that are put at the same time, with their leader killed at any point",
  () => {
    let gateway: Scratch;
    let waiting: Waiting;
    beforeEach(() => {
      gateway = new Scratch({ hasty: true });
      waiting = new Waiting(gateway);
    });
    afterEach(() => {
      waiting.dispose();
      gateway.dispose();
    });
    jest.setTimeout(900_000);

    const ok = (args: string, input = "") => {
      expect(gateway.run(args, { input })).toMatchObject({ status: 0, stderr: "" });
    };

    /** Another run takes over from the killed one, whose repeat ends where it would have. */
    async function converges(puts: readonly Put[], before: () => void, after: () => void) {
      for (let killAt = 1, killed = true; killed; killAt++) {
        before();
        const runs = await waiting.run(puts, killAt);
        const dead = puts.filter((_, n) => runs[n]?.status === null);
        killed = dead.length > 0;
        expect(dead.length).toBeLessThan(2);
        for (const { status, stderr } of runs) {
          if (status !== null)
            expect({ killAt, status, stderr }).toEqual({ killAt, status: 0, stderr: "" });
        }
        for (const { words, text } of dead) ok(`tunnel put ${words}`, text);
        after();
        expect(gateway.list("var/db/gwctl/pending")).toEqual([]);
        expect(waiting.left()).toEqual([]);
        expect(gateway.list("var/run").filter((name) => name.startsWith("gwctl"))).toEqual([]);
        expect(killAt).toBeLessThan(150);
        if (!killed) expect(killAt).toBeGreaterThan(20);
      }
      for (const { words, text } of puts) {
        expect(gateway.run(`tunnel put ${words}`, { input: text }).stdout).toMatch(/^unchanged/);
      }
    }

    test("with iked, each has its text and its SA", async () => {
      const saved = path.join(gateway.base, "saved");
      const copy = (from: string, to: string) => {
        for (const name of ["root", "fake"]) {
          fs.rmSync(path.join(to, name), { recursive: true, force: true });
          fs.cpSync(path.join(from, name), path.join(to, name), { recursive: true });
        }
      };
      const west = ikedTunnel({ lifetime: 2 });
      const north = ikedTunnel({ name: "north" });
      ok("services", IKED_ON);
      ok("tunnel put iked east", ikedTunnel({ name: "east" }));
      ok("tunnel put iked west", ikedTunnel({ lifetime: 1 }));
      copy(gateway.base, saved);
      ok("tunnel put iked west", west);
      ok("tunnel put iked north", north);
      const sas = () =>
        gateway
          .fakeRead("sas")
          .split("\n")
          .map((line) => line.replace(/.*<(.*)>.* pol /, "$1 "))
          .filter(Boolean)
          .sort();
      const fresh = sas();
      await converges(
        [
          { words: "iked west", text: west },
          { words: "iked north", text: north },
        ],
        () => {
          copy(saved, gateway.base);
        },
        () => {
          expect(sas()).toEqual(fresh);
        },
      );
    });

    test("with isakmpd, each has its rule and no other", async () => {
      const texts = [isakmpdTunnel({ ikeLifetime: 3600 }), isakmpdTunnel({ name: "east" })];
      const rules = texts
        .map((text) => text.split("\n").find((line) => line.startsWith("ike")))
        .sort();
      ok("services", ISAKMPD_ON);
      await converges(
        [
          { words: "isakmpd west", text: texts[0] ?? "" },
          { words: "isakmpd east", text: texts[1] ?? "" },
        ],
        () => {
          ok("tunnel put isakmpd west", isakmpdTunnel({}));
          ok("tunnel put isakmpd east", isakmpdTunnel({ name: "east", lifetime: 60 }));
        },
        () => {
          expect(gateway.fakeRead("rules").split("\n").filter(Boolean).sort()).toEqual(rules);
        },
      );
    });
  },
);
