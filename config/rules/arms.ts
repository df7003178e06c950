import { type Arm, armsOf, isFirst, isTwoArmed, networkCards, outsideAddress } from "../arms";
import { addressOf, type Family, family, overlap, parseNetwork } from "../net";
import type { Draft } from "../draft";
import { pairs, repeats } from "./places";
import { type Finding, finding, type Rule } from "./rule";

const armsIn = ({ network }: Draft): Arm[] =>
  network && isTwoArmed(network) ? armsOf(network) : [];

/** A rule for each arm of a gateway that has more than one. */
const each =
  (check: (arm: Arm, all: readonly Arm[]) => Finding[]) =>
  (draft: Draft): Finding[] => {
    const all = armsIn(draft);
    return all.flatMap((arm) => check(arm, all));
  };

export const armsApart: Rule = {
  code: "GW200",
  check: (draft) => {
    const all = armsIn(draft);
    const networks = all.flatMap(({ path, address }) => {
      const value = address === undefined ? undefined : parseNetwork(address);
      return value ? [{ path: `${path}.address`, value, address }] : [];
    });
    return [
      ...repeats(all, ({ name }) => name).map(([earlier, { path, name }]) =>
        finding(`${path}.name`, `${name} is the name of ${earlier.path} too`, "write another name"),
      ),
      ...repeats(all, (arm) => arm.interface).map(([earlier, arm]) =>
        finding(
          `${arm.path}.interface`,
          `${arm.interface} is also ${earlier.path}'s`,
          "write another interface",
        ),
      ),
      ...pairs(networks)
        .filter(([earlier, later]) => overlap(earlier.value, later.value))
        .map(([earlier, { path, address }]) =>
          finding(
            path,
            `${address ?? ""} overlaps ${earlier.path}`,
            "write a network of its own: an address is on one side only",
          ),
        ),
    ];
  },
};

export const armsNamed: Rule = {
  code: "GW201",
  check: each(({ path, vlan, interface: name }, all) => {
    if (!vlan) return [];
    const at = `${path}.vlan.parent`;
    const parent = all.find((arm) => arm.interface === vlan.parent);
    return [
      ...(/^vlan\d+$/.test(name)
        ? []
        : [finding(`${path}.interface`, `${name} is no VLAN's name`, `write vlan${vlan.tag}`)]),
      ...(parent && !parent.vlan
        ? []
        : [
            finding(
              at,
              `${vlan.parent} is no network card that is declared`,
              "declare it in network.inside, without an address if it carries VLANs only",
            ),
          ]),
    ];
  }),
};

export const cardsInOrder: Rule = {
  code: "GW202",
  check: ({ network }) =>
    network && isTwoArmed(network)
      ? networkCards(network).flatMap((arm, index) =>
          arm.interface === `vio${index}`
            ? []
            : [
                finding(
                  `${arm.path}.interface`,
                  `${arm.interface} is not what OpenBSD calls the ${ordinal(index)} network card`,
                  `write vio${index}, or declare the cards before it too`,
                ),
              ],
        )
      : [],
};

const ordinal = (index: number): string => ["first", "second", "third"][index] ?? `${index + 1}th`;

export const cardsOnBridges: Rule = {
  code: "GW203",
  check: each((arm) => {
    if (isFirst(arm)) return [];
    const { path, vlan, bridge, mac } = arm;
    if (!vlan) {
      return bridge === undefined
        ? [
            finding(
              `${path}.bridge`,
              "is missing, and the interface is a network card",
              "write the bridge on the hypervisor that it joins",
            ),
          ]
        : [];
    }
    const given = bridge === undefined ? (mac === undefined ? undefined : "mac") : "bridge";
    return given === undefined
      ? []
      : [finding(`${path}.${given}`, "belongs to no VLAN, but to its parent", "leave it out here")];
  }),
};

export const armHasUse: Rule = {
  code: "GW204",
  check: each(({ path, address, aliases, interface: name }, all) => {
    if (address !== undefined) {
      return aliases.flatMap((alias, index) =>
        family(alias) === family(address) && alias !== addressOf(address)
          ? []
          : [
              finding(
                `${path}.aliases[${index}]`,
                `${alias} is ${alias === addressOf(address) ? "the interface's address itself" : "of another family than the address"}`,
                "write a further address of the same family",
              ),
            ],
      );
    }
    if (all.some(({ vlan }) => vlan?.parent === name)) return [];
    return [
      finding(
        `${path}.address`,
        "is missing, and no VLAN is on the interface",
        "write the gateway's address there with its prefix",
      ),
    ];
  }),
};

export const forwardsToNobody: Rule = {
  code: "GW205",
  check: ({ network, perimeter }) =>
    network &&
    perimeter &&
    isTwoArmed(network) &&
    network.publicAddress === addressOf(outsideAddress(network))
      ? [
          finding(
            "perimeter",
            "forwards to a gateway that has the public address itself",
            "remove it, or correct network.publicAddress",
          ),
        ]
      : [],
};

export const oneArmHasNone: Rule = {
  code: "GW206",
  check: ({ network }) => {
    if (!network) return [];
    const two = isTwoArmed(network);
    return [
      ...(!two && network.aliases.length > 0
        ? [finding("network.aliases", "needs a second arm", "declare network.inside or outside")]
        : []),
      ...network.internet.flatMap((value, index) => {
        const why = untranslated(value, two, family(outsideAddress(network)));
        return why ? [finding(`network.internet[${index}]`, ...why)] : [];
      }),
    ];
  },
};

function untranslated(
  network: string,
  two: boolean,
  outside: Family | undefined,
): [what: string, fix: string] | undefined {
  if (!two) return ["needs a second arm", "declare network.inside or outside"];
  if (family(network) === 6) {
    return [`${network} is not translated: it is IPv6`, "write IPv4 networks"];
  }
  return outside === 6
    ? [`${network} has no address to be translated to: the outside is IPv6`, "remove it"]
    : undefined;
}
