import { isFirst, networkCards } from "../../config/arms";
import type { StackConfig } from "../../config/schema";
import { macAddress } from "../../hypervisor/macAddress";
import type { Card } from "../../render/domainFacts";

/** In the order in which the guest numbers them. The first one's bridge and address are the machine's. */
export function cardsOf({ hypervisor, machine, network }: StackConfig): Card[] {
  return networkCards(network).map((arm) =>
    isFirst(arm)
      ? { bridge: hypervisor.bridge, mac: machine.mac ?? macAddress(machine.name) }
      : {
          bridge: arm.bridge ?? "",
          mac: arm.mac ?? macAddress(`${machine.name} ${arm.interface}`),
        },
  );
}
