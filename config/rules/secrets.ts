import { pskFault } from "../psk";
import type { Draft, DraftTunnel } from "../draft";
import { deviceOf } from "../vendors";
import { repeats } from "./places";
import { finding, type Rule } from "./rule";

// Neither the value nor the key's name is shown: a secret may stand where the name belongs.
export const usableSecret: Rule = {
  code: "GW060",
  check: ({ ike, tunnels, secrets }) =>
    tunnels.flatMap(({ path, tunnel: { psk } }) => {
      if (psk === undefined) return [];
      const secret = secrets.get(psk);
      if (secret === undefined) {
        return [
          finding(
            `${path}.psk`,
            "names a config key that is not set",
            "set it with: pulumi config set --secret NAME",
          ),
        ];
      }
      const fault = ike && pskFault(ike.daemon, secret);
      if (fault === undefined) return [];
      return [
        finding(
          `${path}.psk`,
          `the key it names ${fault}`,
          "use 20 to 200 characters of A-Z a-z 0-9 . _ ~ + - that do not start with 0x",
        ),
      ];
    }),
};

interface OwnKey extends DraftTunnel {
  readonly secret: string;
}

/** The tunnels whose key is the stack's own and one that the daemon takes; GW060 speaks of the others. */
function ownKeys({ ike, tunnels, secrets }: Draft): OwnKey[] {
  return tunnels.flatMap((entry) => {
    const { psk } = entry.tunnel;
    const secret = psk === undefined ? undefined : secrets.get(psk);
    return !ike || secret === undefined || pskFault(ike.daemon, secret) !== undefined
      ? []
      : [{ ...entry, secret }];
  });
}

export const oneKeyPerTunnel: Rule = {
  code: "GW080",
  check: (draft) =>
    repeats(ownKeys(draft), ({ secret }) => secret).map(([earlier, { path }]) =>
      finding(`${path}.psk`, `is also the key of ${earlier.path}`, "give each tunnel its own key"),
    ),
};

export const keyOfVendor: Rule = {
  code: "GW082",
  check: (draft) =>
    ownKeys(draft).flatMap(({ path, tunnel: { vendor }, secret }) => {
      const takes = deviceOf(vendor)?.key;
      if (!takes || takes.form.test(secret)) return [];
      const message = `the key it names is not one that ${vendor} takes`;
      return [finding(`${path}.psk`, message, `use ${takes.says}`)];
    }),
};

export const generationOfGenerated: Rule = {
  code: "GW084",
  check: ({ tunnels }) =>
    tunnels
      .filter(({ tunnel }) => tunnel.psk !== undefined && tunnel.pskGeneration > 1)
      .map(({ path }) =>
        finding(
          `${path}.pskGeneration`,
          "changes nothing, as psk names the key",
          "remove it, and set the secret anew; or remove psk",
        ),
      ),
};
