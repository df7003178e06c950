import type { Role } from ".";
import type { DeviceVendor } from "../vendors/names";
import type { InDevice, Kind, Phase, Word } from "./row";
import { TABLES } from "./table";

/** In IKEv2 the pseudo-random function is chosen for itself. */
export type DeviceRole = Role | "ikePrf";

/** Declared name → the device's own word. */
export type Words = Readonly<Record<string, string>>;

export type DeviceWords = Readonly<Record<1 | 2, Readonly<Record<DeviceRole, Words>>>>;

/** Everything that the vendor's devices have a word for, by version of IKE and by role. */
export function deviceWords(vendor: DeviceVendor): DeviceWords {
  const one = (version: 1 | 2) => {
    const words = (kind: Kind, phase: Phase) => wordsOf(vendor, version, kind, phase);
    return {
      ikeEncryption: words("encryption", "ike"),
      ikeIntegrity: words("hash", "ike"),
      ikePrf: words("hash", "ike"),
      ikeGroup: words("group", "ike"),
      espEncryption: words("encryption", "esp"),
      espIntegrity: words("hash", "esp"),
      espGroup: words("group", "esp"),
    };
  };
  return { 1: one(1), 2: one(2) };
}

function wordsOf(vendor: DeviceVendor, version: 1 | 2, kind: Kind, phase: Phase): Words {
  const found: Record<string, string> = {};
  for (const [name, row] of TABLES[kind]) {
    const word = "devices" in row ? wordIn(row.devices[vendor], version, phase) : null;
    if (word !== null) found[name] = word;
  }
  return found;
}

function wordIn(cell: InDevice, version: 1 | 2, phase: Phase): string | null {
  const word = isByPhase(cell) ? cell[phase] : cell;
  return word === null || typeof word === "string" ? word : (word[version - 1] ?? null);
}

function isByPhase(cell: InDevice): cell is Readonly<Record<Phase, Word>> {
  return cell !== null && typeof cell === "object" && "esp" in cell;
}
