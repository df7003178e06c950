import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { TestSite } from "./site";

export interface Visit {
  readonly page: Page;
  /** Errors of scripts and of the content security policy, and requests to anywhere else. */
  readonly complaints: string[];
}

/** Opens the page in a fresh profile. */
export async function visit(
  browser: Browser,
  site: TestSite,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("request", (request) => {
    const { origin } = new URL(request.url());
    if (origin !== new URL(site.url).origin) complaints.push(`asked ${origin}`);
  });
  await page.goto(site.url);
  return { page, complaints };
}
