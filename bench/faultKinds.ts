import { setTimeout as sleep } from "node:timers/promises";
import { lab, labOk } from "../test/e2e/support/lab";
import type { RemoteSite } from "../test/e2e/support/site";
import { SITES } from "../lab/network/sites";

/** What may befall a tunnel, and its end. Both may fail where a daemon does not agree. */
export interface Fault {
  readonly name: string;
  readonly begin: (site: RemoteSite) => Promise<unknown>;
  readonly end: (site: RemoteSite) => Promise<unknown>;
}

const PATH = "fault";

/** A rule on the perimeter for what goes to the site and comes from it. */
async function onPath({ name }: RemoteSite, verdict: string): Promise<void> {
  const address = SITES.find((site) => site.name === name)?.address ?? "";
  await labOk("perimeter", "nft", `add table ip ${PATH}`);
  const chain = `add chain ip ${PATH} forward { type filter hook forward priority -10; }`;
  await labOk("perimeter", "nft", chain);
  for (const end of ["saddr", "daddr"]) {
    await labOk("perimeter", "nft", `add rule ip ${PATH} forward ip ${end} ${address} ${verdict}`);
  }
}

export const clearPath = () => lab("perimeter", "nft", `delete table ip ${PATH}`);

const misconfigured = (form: RegExp, replacement: string) => ({
  begin: (site: RemoteSite) => site.misconfigure(form, replacement),
  end: (site: RemoteSite) => site.repair(),
});

export const FAULTS: readonly Fault[] = [
  { name: "peer killed", begin: (site) => site.kill(), end: (site) => site.start() },
  {
    name: "peer drops inside",
    begin: (site) => site.dropInside(),
    end: (site) => site.admitInside(),
  },
  { name: "path cut", begin: (site) => onPath(site, "drop"), end: clearPath },
  {
    name: "path loses half",
    begin: (site) => onPath(site, "numgen random mod 2 0 drop"),
    end: clearPath,
  },
  { name: "wrong key", ...misconfigured(/secret = .*/, "secret = 0sAAAABBBBCCCC") },
  { name: "other phase 2", ...misconfigured(/esp_proposals = aes256-/, "esp_proposals = aes128-") },
  { name: "other networks", ...misconfigured(/local_ts = .*/, "local_ts = 10.20.7.0/24") },
  { name: "peer ends it", begin: (site) => site.terminate(), end: () => sleep(0) },
  {
    name: "killed here",
    begin: ({ name }) => lab("gateway", "tunnel", "kill", name, "--timeout", "0"),
    end: () => sleep(0),
  },
  {
    name: "down by hand",
    begin: ({ name }) => lab("gateway", "tunnel", "down", name, "--timeout", "0"),
    end: ({ name }) => lab("gateway", "tunnel", "up", name, "--timeout", "0"),
  },
];
