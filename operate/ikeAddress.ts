import type { GatewayOutput } from "../contract/stackOutputs";

/** Where the gateway speaks IKE from, without a prefix. */
export const ikeAddress = ({
  address,
  outsideAddress,
}: Pick<GatewayOutput, "address" | "outsideAddress">): string => outsideAddress ?? address;
