import type { Daemon } from "../../config/schema";
import type { IkeSettings, ImportedTunnel } from "./candidate";

/** What YAML takes for the same text without quotes, whatever version reads it. */
const PLAIN = /^[A-Za-z][A-Za-z0-9._-]*$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/;
const WORDS = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

interface Declared {
  readonly daemon: Daemon;
  readonly settings: IkeSettings;
  readonly tunnels: readonly ImportedTunnel[];
}

/** The `config` of the stack's file that declares the daemon and the tunnels; holds no secret. */
export function stackYaml({ daemon, settings, tunnels }: Declared): string {
  const list =
    tunnels.length === 0 ? " []\n" : `\n${tunnels.map((tunnel) => entry(tunnel)).join("")}`;
  const ike = Object.entries({ daemon, ...settings });
  return `config:
  openbsd-ipsec-gateway:ike:
${ike.map(([key, value]) => field(key, value, "    ")).join("")}  openbsd-ipsec-gateway:tunnels:${list}`;
}

function entry(tunnel: ImportedTunnel): string {
  const lines = Object.entries(tunnel).map(([key, value]) => field(key, value, "      "));
  return lines.join("").replace(/^ {4} /, "    -");
}

/** One line, but a text of several ones as a block, as it can be read and compared. */
function field(key: string, value: unknown, indent: string): string {
  if (typeof value === "string" && value.endsWith("\n")) {
    const deeper = `\n${indent}  `;
    return `${indent}${key}: |${deeper}${value.trimEnd().split("\n").join(deeper)}\n`;
  }
  if (holdsBlock(value)) {
    const inner = Object.entries(value).map(([name, one]) => field(name, one, `${indent}  `));
    return `${indent}${key}:\n${inner.join("")}`;
  }
  return `${indent}${key}: ${flow(value)}\n`;
}

function holdsBlock(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).some((one) => typeof one === "string" && one.endsWith("\n"));
}

/** One line, as the examples of the stack write it: `{ encryption: aes-256, lifetime: 28800 }`. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`);
    return `{ ${parts.join(", ")} }`;
  }
  if (typeof value !== "string") return JSON.stringify(value);
  const plain = (PLAIN.test(value) && !WORDS.test(value)) || ADDRESS.test(value);
  return plain ? value : JSON.stringify(value);
}
