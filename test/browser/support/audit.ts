import type { Page } from "playwright-core";

/** Roles that somebody operates, so that each needs a name. */
const OPERATED = ["button", "link", "searchbox", "textbox", "dialog", "DisclosureTriangle"];

/** What Chromium tells a screen reader: the operated nodes that have no name, and the rest. */
export async function controls(page: Page): Promise<{ role: string; name: string }[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  return nodes
    .filter(({ ignored, role }) => !ignored && OPERATED.includes(String(role?.value)))
    .map(({ role, name }) => ({ role: String(role?.value), name: String(name?.value ?? "") }));
}

export interface Faint {
  readonly text: string;
  readonly ratio: number;
  readonly needed: number;
}

/** Visible text whose contrast is below WCAG 2 AA (1.4.3): 4.5, or 3 when large. */
export function faintTexts(page: Page): Promise<Faint[]> {
  return page.evaluate(() => {
    type Colour = [red: number, green: number, blue: number, alpha: number];
    const parse = (text: string): Colour => {
      const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
      return [r, g, b, a];
    };
    const over = (top: Colour, below: Colour): Colour => {
      const mix = (a: number, b: number): number => a * top[3] + b * (1 - top[3]);
      return [mix(top[0], below[0]), mix(top[1], below[1]), mix(top[2], below[2]), 1];
    };
    const luminance = ([r, g, b]: Colour): number => {
      const [x = 0, y = 0, z = 0] = [r, g, b].map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (element: Element): Colour => {
      const own = parse(getComputedStyle(element).backgroundColor);
      if (own[3] === 1) return own;
      const parent = element.parentElement;
      return over(own, parent === null ? [255, 255, 255, 1] : behind(parent));
    };
    const faint: { text: string; ratio: number; needed: number }[] = [];
    for (const element of document.querySelectorAll("body *")) {
      const text = [...element.childNodes]
        .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
        .map(({ textContent }) => textContent ?? "")
        .join("")
        .trim();
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const drawn = box.width > 1 && box.height > 1 && style.visibility === "visible";
      if (text === "" || !drawn || element.closest("title, noscript, .skip") !== null) continue;
      const colour = parse(element instanceof SVGElement ? style.fill : style.color);
      const ground = behind(element);
      const [high = 0, low = 0] = [luminance(over(colour, ground)), luminance(ground)].sort(
        (a, b) => b - a,
      );
      const ratio = (high + 0.05) / (low + 0.05);
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const needed = large ? 3 : 4.5;
      if (ratio < needed) faint.push({ text, ratio: Math.round(ratio * 100) / 100, needed });
    }
    return faint;
  });
}

/** Pixels by which the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}
