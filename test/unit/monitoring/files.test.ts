import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { gatewayMetrics, tunnelMetrics } from "../../../operate/serve/metricTable";
import { STATES } from "../../../operate/serve/pageState";
import { NEEDS, PROMETHEUS, promtool } from "./support/prometheus";

const FILES = join(__dirname, "../../../docs/monitoring");
const RULES = join(FILES, "alerts.yml");

const known = new Map(
  [...gatewayMetrics, ...tunnelMetrics].map(({ name, labels }) => [name, labels] as const),
);

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly description?: string };
}

const { groups } = parse(readFileSync(RULES, "utf8")) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

interface Target {
  readonly expr: string;
  readonly refId: string;
}
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets: readonly Target[];
}
const dashboard = JSON.parse(readFileSync(join(FILES, "grafana.json"), "utf8")) as {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { name: string; definition?: string }[] };
};

const expressions: [where: string, expr: string][] = [
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }): [string, string] => [`panel ${title}`, expr]),
  ),
  ...dashboard.templating.list.flatMap(({ name, definition }): [string, string][] =>
    definition === undefined ? [] : [[`variable ${name}`, definition]],
  ),
];

describe.each(expressions)("%s", (_, expr) => {
  test("asks only for metrics that serve has", () => {
    const names = expr.match(/\bipsec_[a-z_]+/g) ?? [];
    for (const name of names) expect(known.has(name) ? name : "unknown metric").toBe(name);
    expect(names.length > 0 || /\bup\{/.test(expr)).toBe(true);
  });

  test("names only states that a tunnel can be in", () => {
    const states = [...expr.matchAll(/\bstate=~?"([^"]+)"/g)].flatMap(
      ([, list]) => list?.split("|") ?? [],
    );
    for (const state of states) expect(STATES).toContain(state);
  });
});

test("every alert says in one line what is the matter", () => {
  for (const { alert, annotations } of rules) {
    expect(alert).toMatch(/^Ipsec[A-Z]\w+$/);
    expect(annotations.summary).toMatch(/^.{15,80}$/);
    expect(annotations.description).toBeTruthy();
  }
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
});

test("the guide has a line for every alert and every metric", () => {
  const guide = readFileSync(join(FILES, "../monitoring.md"), "utf8");
  const missing = [...rules.map(({ alert }) => alert), ...known.keys()].filter(
    (word) => !guide.includes(`\`${word}\``),
  );
  expect(missing).toEqual([]);
});

test("the dashboard's panels explain themselves, and none covers another", () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const [index, { description, gridPos: a }] of panels.entries()) {
    expect(description).toMatch(/\.$/);
    expect(a.x + a.w).toBeLessThanOrEqual(24);
    for (const { gridPos: b } of panels.slice(index + 1)) {
      const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      expect(apart).toBe(true);
    }
  }
});

(PROMETHEUS ? describe : describe.skip)(`promtool (${NEEDS})`, () => {
  test("accepts the rules", () => {
    expect(promtool("check", "rules", RULES)).toContain(`${rules.length} rules found`);
  });

  test("finds that they fire when they must and only then", () => {
    const folder = mkdtempSync(join(tmpdir(), "rules-"));
    copyFileSync(RULES, join(folder, "alerts.yml"));
    copyFileSync(join(__dirname, "alerts.test.yml"), join(folder, "alerts.test.yml"));
    try {
      expect(promtool("test", "rules", join(folder, "alerts.test.yml"))).toContain("SUCCESS");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
