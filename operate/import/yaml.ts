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
${ike.map(([key, value]) => `    ${key}: ${flow(value)}\n`).join("")}  openbsd-ipsec-gateway:tunnels:${list}`;
}

function entry(tunnel: ImportedTunnel): string {
  const lines = Object.entries(tunnel).map(([key, value]) => `${key}: ${flow(value)}`);
  return lines.map((line, index) => `    ${index === 0 ? "-" : " "} ${line}\n`).join("");
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
