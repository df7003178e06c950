import type { Browser, Page } from "playwright-core";
import type { Explanation } from "../../operate/serve/source";
import type { GatewayStatus, TunnelState } from "../../contract/documents/status";
import { simulated } from "../unit/serve/support/simulation";
import { controls, faintTexts, overflow } from "./support/audit";
import { CHROMIUM, startBrowser } from "./support/chromium";
import { FakeGateway, startSite, type TestSite } from "./support/site";
import { visit } from "./support/visit";

// A browser on a machine that does other things too.
jest.setTimeout(60_000);

const MIX: TunnelState[] = [
  "proven",
  "down",
  "established",
  "negotiating",
  "disabled",
  "unmanaged",
  "unknown",
];
const mixed = (index: number): TunnelState => MIX[index] ?? "proven";
const now = (
  count: number,
  state: (index: number) => TunnelState = () => "proven",
): GatewayStatus =>
  simulated({
    count,
    state,
    seconds: Math.floor(Date.now() / 1000) % 3000,
    at: new Date().toISOString(),
  });

const explanation: Explanation = {
  cause: "The peer has another preshared key.",
  fix: "Compare the key with the other side.",
  tellPeer: "We get AUTHENTICATION_FAILED from you.",
  evidence: [{ at: "2026-11-23T12:00:00Z", text: "iked: <b>AUTHENTICATION_FAILED</b>" }],
};

(CHROMIUM === undefined ? describe.skip : describe)(
  "the page (needs Chromium: ./scripts/lab packages chromium)",
  () => {
    let browser: Browser;
    let site: TestSite | undefined;
    const gateway = new FakeGateway(() => now(3));

    beforeAll(async () => {
      browser = await startBrowser();
    }, 60_000);
    afterAll(() => browser.close());
    afterEach(async () => {
      await site?.stop();
      site = undefined;
    });

    async function open(
      answer: () => GatewayStatus,
      options: Parameters<typeof visit>[2] & { explain?: false; interval?: number } = {},
    ): Promise<{ page: Page; complaints: string[] }> {
      const { explain, interval = 1, ...context } = options;
      gateway.answer = answer;
      const source = { collect: gateway.collect };
      const why = () => Promise.resolve(explanation);
      site = await startSite(explain === false ? source : { ...source, explain: why }, {
        intervalSeconds: interval,
      });
      const visited = await visit(browser, site, context);
      await visited.page.waitForSelector(".row, .empty:not([hidden])");
      return visited;
    }

    test("shows every state as a word and an icon, worst first", async () => {
      const { page, complaints } = await open(() => now(7, mixed));
      const rows = await page.locator(".row").evaluateAll((nodes) =>
        nodes.map((row) => ({
          tunnel: (row as HTMLElement).dataset.tunnel,
          word: row.querySelector(".word")?.textContent,
          icon: row.querySelector(".row-state use")?.getAttribute("href"),
        })),
      );
      expect(rows).toEqual([
        { tunnel: "east", word: "Down", icon: "#i-down" },
        { tunnel: "porto", word: "Unknown", icon: "#i-unknown" },
        { tunnel: "berlin", word: "Negotiating", icon: "#i-negotiating" },
        { tunnel: "north", word: "Up, unproven", icon: "#i-established" },
        { tunnel: "oslo", word: "Not declared", icon: "#i-unmanaged" },
        { tunnel: "lyon", word: "Disabled", icon: "#i-disabled" },
        { tunnel: "west", word: "Proven", icon: "#i-proven" },
      ]);
      expect(await page.textContent("#headline")).toBe("4 of 5 tunnels are not proven");
      expect(await page.title()).toBe("● 4 of 5 tunnels are not proven – gw-test");
      expect(complaints).toEqual([]);
    });

    test("follows the gateway: the row moves, keeps the focus, and the change is said", async () => {
      let state: TunnelState = "proven";
      const { page } = await open(() => now(3, (index) => (index === 1 ? state : "proven")));
      await page.focus('.row[data-tunnel="east"]');
      state = "down";
      await page.waitForSelector('.group[data-state="down"] .row[data-tunnel="east"]');
      expect(await page.textContent("#headline")).toBe("1 of 3 tunnels is not proven");
      expect(
        await page.evaluate(() => (document.activeElement as HTMLElement).dataset.tunnel),
      ).toBe("east");
      expect(await page.textContent("#announcer")).toBe("east: Down.");
      expect(await page.getAttribute('.mark[data-mark="east"]', "aria-label")).toBe("east: Down");
      state = "proven";
      await page.waitForFunction(
        () => document.querySelector("#headline")?.textContent === "All 3 tunnels are proven",
      );
    });

    test("draws the traffic while it goes on", async () => {
      const { page } = await open(() => now(1));
      await page.waitForFunction(() =>
        /L.*L/.test(document.querySelector(".sparkline .line")?.getAttribute("d") ?? ""),
      );
      await page.click(".row");
      await page.waitForSelector('.chart[aria-label*="States seen: proven"]');
      expect(await page.textContent("figcaption")).toMatch(
        /In [\d.]+ [kM]?B\/s.*Out [\d.]+ [kM]?B\/s/,
      );
    });

    test("can be worked with the keyboard alone, and why is answered", async () => {
      const { page } = await open(() => now(3, (index) => (index === 1 ? "down" : "proven")));
      const focused = (): Promise<string> =>
        page.evaluate(() => {
          const node = document.activeElement as HTMLElement | SVGElement;
          return node.dataset.tunnel ?? node.dataset.mark ?? node.id;
        });
      await page.keyboard.press("Tab");
      expect(await page.textContent(":focus")).toBe("Skip to the tunnels");
      await page.keyboard.press("Enter");
      expect(await focused()).toBe("tunnels");
      await page.keyboard.press("/");
      expect(await focused()).toBe("filter");
      await page.keyboard.type("198.51.100.12");
      await page.waitForFunction(() => document.querySelectorAll(".row").length === 1);
      // The two states, the group's heading, then the row.
      for (let stop = 0; stop < 4; stop++) await page.keyboard.press("Tab");
      expect(await focused()).toBe("east");
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog[open]");
      expect(await page.evaluate(() => document.activeElement?.closest("dialog") !== null)).toBe(
        true,
      );
      await page.focus(".why button");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".cause");
      expect(await page.textContent(".why")).toContain("Compare the key with the other side.");
      expect(await page.textContent(".evidence")).toContain("<b>AUTHENTICATION_FAILED</b>");
      await page.keyboard.press("Escape");
      expect(await page.locator("dialog[open]").count()).toBe(0);
      expect(await focused()).toBe("east");
      await page.keyboard.press("Tab");
      expect(await focused()).toBe("east");
      await page.keyboard.press("ArrowRight");
      expect(await focused()).toBe("north");
      await page.keyboard.press("End");
      expect(await focused()).toBe("west");
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog[open]");
      expect(await page.textContent("#details-name")).toBe("west");
    });

    test("a server that cannot explain says so on the button", async () => {
      const { page } = await open(() => now(1), { explain: false });
      await page.click(".row");
      const button = page.locator(".why button");
      expect(await button.textContent()).toBe("This server cannot explain");
      expect(await button.getAttribute("aria-disabled")).toBe("true");
      await button.focus();
      await page.keyboard.press("Enter");
      expect(await page.locator(".answer > *").count()).toBe(0);
    });

    test("when the gateway stops answering, a banner says so and nothing stays green", async () => {
      const { page } = await open(() => now(3));
      await page.waitForSelector('.row[data-state="proven"]');
      gateway.answer = () => {
        throw new Error("ssh: no route to host");
      };
      await page.waitForSelector("#banner:not([hidden])");
      expect(await page.getAttribute("#banner", "role")).toBe("alert");
      await page.waitForSelector('.row[data-state="unknown"]');
      expect(await page.textContent("#banner")).toContain("ssh: no route to host");
      expect(await page.locator('[data-state="proven"]').count()).toBe(0);
      expect(await page.textContent("#headline")).toBe("Nothing current is known");
      gateway.answer = () => now(3);
      await page.waitForSelector('.row[data-state="proven"]');
      expect(await page.isVisible("#banner")).toBe(false);
    });

    test("when the server is gone, the page finds out by its own clock", async () => {
      const { page } = await open(() => now(3));
      await page.waitForSelector('.row[data-state="proven"]');
      await site?.stop();
      site = undefined;
      await page.waitForSelector('.row[data-state="unknown"]');
      expect(await page.textContent("#banner")).toContain(
        "No contact with this page's server since",
      );
      expect(await page.locator('[data-state="proven"]').count()).toBe(0);
    });

    test("before the first answer it shows the declared tunnels as unknown, without alarm", async () => {
      site = await startSite({
        declaration: {
          gateway: { name: "gw-test", address: "10.10.0.2", daemon: "iked" },
          tunnels: [{ name: "west", peer: "198.51.100.11", daemon: "iked", networks: [] }],
        },
        collect: () => new Promise<never>(() => undefined),
      });
      const { page } = await visit(browser, site);
      await page.waitForSelector('.row[data-tunnel="west"][data-state="unknown"]');
      expect(await page.textContent("#headline")).toBe("Asking the gateway…");
      expect(await page.isVisible("#banner")).toBe(false);
    });

    test("text from outside stays text", async () => {
      const evil = '<img src=x onerror="document.title=1">';
      const { page, complaints } = await open(() => {
        const { tunnels, ...rest } = now(1);
        const differing = tunnels.map((tunnel) => ({
          ...tunnel,
          name: evil,
          peer: evil,
          differs: [evil],
        }));
        return { ...rest, tunnels: differing, problems: [evil] };
      });
      await page.click(".row");
      await page.waitForSelector(".note");
      expect(await page.locator("img").count()).toBe(0);
      expect(await page.textContent(".problems")).toBe(evil);
      expect(await page.textContent("#details-name")).toBe(evil);
      expect(complaints).toEqual([]);
    });

    test("500 tunnels: the bad ones are seen first, the swarm lists its own", async () => {
      const { page } = await open(
        () => now(500, (index) => (index % 50 === 7 ? "down" : "proven")),
        {
          interval: 5,
          viewport: { width: 1440, height: 900 },
        },
      );
      expect(await page.textContent("#headline")).toBe("10 of 500 tunnels are not proven");
      expect(await page.locator('.group[data-state="proven"]').getAttribute("open")).toBeNull();
      expect(await page.locator('.cluster[data-mark="down"] .dot').count()).toBe(10);
      expect(await page.locator('.cluster[data-mark="proven"] .dot').count()).toBe(490);
      await page.click('.cluster[data-mark="proven"]');
      await page.waitForFunction(() => document.querySelectorAll(".row").length === 490);
      await page.fill("#filter", "oslo-17");
      await page.waitForFunction(() => document.querySelectorAll(".row").length === 1);
      await page.fill("#filter", "no such tunnel");
      await page.waitForSelector("#empty:not([hidden])");
    });

    test.each([
      ["light", 360, 3],
      ["dark", 360, 60],
      ["light", 820, 20],
      ["light", 1280, 60],
      ["dark", 1920, 7],
      ["light", 360, 120],
    ] as const)(
      "%s, %d pixels, %d tunnels: fits, is legible, and every control has a name",
      async (colorScheme, width, count) => {
        const { page, complaints } = await open(
          () => ({ ...now(count, mixed), problems: ["One thing is wrong."] }),
          {
            ...{ colorScheme, viewport: { width, height: 800 } },
            interval: 5,
          },
        );
        expect(await overflow(page)).toBe(0);
        expect(await faintTexts(page)).toEqual([]);
        await page.hover(".row");
        expect(await faintTexts(page)).toEqual([]);
        await page.click(".row");
        await page.waitForSelector(".chart");
        await page.click(".why button");
        await page.waitForSelector(".cause");
        expect(await overflow(page)).toBe(0);
        expect(await faintTexts(page)).toEqual([]);
        const named = await controls(page);
        expect(named.filter(({ name }) => name === "")).toEqual([]);
        expect(named.length).toBeGreaterThan(2);
        await page.keyboard.press("Escape");
        const all = await controls(page);
        expect(all.filter(({ name }) => name === "")).toEqual([]);
        expect(all.length).toBeGreaterThan(4);
        expect(complaints).toEqual([]);
      },
    );

    test("with a token, the form lets in who has it", async () => {
      const token = "a-token-of-thirty-two-characters-or-more";
      gateway.answer = () => now(3);
      site = await startSite({ collect: gateway.collect }, { token });
      const { page, complaints } = await visit(browser, site, { colorScheme: "dark" });
      expect(new URL(page.url()).pathname).toBe("/login");
      expect(await faintTexts(page)).toEqual([]);
      await page.fill("#token", "wrong");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#wrong:visible");
      await page.fill("#token", token);
      await page.keyboard.press("Enter");
      await page.waitForSelector('.row[data-tunnel="west"]');
      expect(complaints).toEqual([]);
    });
  },
);
