import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const CHROMIUM = PATHS.find(existsSync);

/** Headless, as root, and without Chromium's own connections to anywhere. */
export function startBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error("needs Chromium: ./scripts/lab packages chromium");
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}
