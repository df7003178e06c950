import type { DraftTunnel } from "./draft";
import { checkPart } from "./checkPart";
import { formatPath, type Problem } from "./problems";
import { type Given, resolveTunnel } from "./resolve";
import { tunnelSchema } from "./schema";

/** A tunnel as far as it is known, and what is wrong with its shape; no draft: nothing is known of it. */
export function draftTunnel(
  written: unknown,
  place: readonly PropertyKey[],
  rest: Omit<Given, "declared">,
): { readonly draft?: DraftTunnel; readonly problems: readonly Problem[] } {
  const { known: declared, problems } = checkPart(tunnelSchema, written, place, "tunnels");
  if (declared === undefined) return { problems };
  const tunnel = resolveTunnel({ declared: declared.value, ...rest });
  const unknown = new Set([...declared.unknown, ...tunnel.unknown]);
  const path = formatPath(place);
  return { draft: { path, tunnel: tunnel.value, declared: declared.value, unknown }, problems };
}
