import { z } from "zod";
import { Refusal } from "../command";

// Without defaults: what is written back is what was read.
const resource = z.looseObject({
  urn: z.string(),
  type: z.string().optional(),
  custom: z.boolean().optional(),
  /** Only read: what the stack asks another one for its proof by, at each update. */
  external: z.boolean().optional(),
  modified: z.string().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});
type Resource = z.output<typeof resource>;

const state = z.looseObject({
  deployment: z.looseObject({
    secrets_providers: z.unknown(),
    resources: z.array(resource).default([]),
    pending_operations: z
      .array(z.looseObject({ resource: z.looseObject({ urn: z.string() }) }))
      .optional(),
  }),
});

/** A tunnel that was changed first. */
export interface Change {
  readonly tunnel: string;
  /** Its resources that the change touched. */
  readonly urns: readonly string[];
  /** The state before the change, and after it; undefined where nobody saw its end. */
  readonly before: string;
  readonly after?: string | undefined;
}

/** Why a tunnel's resources of before do not belong into a state any more; undefined: they do. */
export function whyNot({ tunnel, urns, before, after }: Change, now: string): string | undefined {
  const others = movedOn(resourcesOf(before), resourcesOf(now), urns);
  if (others.length > 0) return `${others.join(", ")} was deployed since: ${stays(tunnel)}`;
  const touched = (text: string): string => marks(resourcesOf(text).filter(isOne(urns))).join("\n");
  if (after !== undefined && touched(after) !== touched(now)) {
    return `${tunnel} itself was deployed again since: ${stays(tunnel)}`;
  }
  const keys = (text: string): string => JSON.stringify(parse(text).deployment.secrets_providers);
  if (keys(before) !== keys(now)) {
    return `the stack's secrets have another provider since: ${stays(tunnel)}`;
  }
  return undefined;
}

/**
 * The state as it is now, with the resources of one tunnel as they were before its change. Everything else in
 * it stays.
 *
 * @throws Refusal if something else was deployed since, or the tunnel itself again
 */
export function withResourcesOf(change: Change, now: string): string {
  const why = whyNot(change, now);
  if (why !== undefined) throw new Refusal(why);
  const { urns, before } = change;
  const [old, current] = [parse(before), parse(now)];
  const { resources, pending_operations: pending } = current.deployment;
  return JSON.stringify({
    ...current,
    deployment: {
      ...current.deployment,
      resources: merged(old.deployment.resources, resources, urns),
      ...(pending && {
        pending_operations: pending.filter(({ resource: { urn } }) => !urns.includes(urn)),
      }),
    },
  });
}

const stays = (tunnel: string): string =>
  `${tunnel} keeps its new values, on the gateway and in the state: give it its old ones and run pulumi up`;

const parse = (text: string) => state.parse(JSON.parse(text));

const resourcesOf = (text: string): readonly Resource[] => parse(text).deployment.resources;

const isOne =
  (urns: readonly string[]) =>
  ({ urn }: Resource): boolean =>
    urns.includes(urn);

const marks = (resources: readonly Resource[]): string[] =>
  resources.map(({ urn, modified }) => `${urn} ${modified ?? ""}`).sort();

/** Names of the resources that one of the states has and the other has not, or has otherwise. */
function movedOn(
  before: readonly Resource[],
  now: readonly Resource[],
  urns: readonly string[],
): string[] {
  const others = (resources: readonly Resource[]): Set<string> =>
    new Set(
      marks(
        resources.filter(
          ({ custom, external, urn }) =>
            custom === true && external !== true && !urns.includes(urn),
        ),
      ),
    );
  const [then, since] = [others(before), others(now)];
  const differing = [...then, ...since].filter((mark) => !then.has(mark) || !since.has(mark));
  const name = (mark: string): string => (mark.split(" ")[0] ?? "").split("::").at(-1) ?? "";
  return [...new Set(differing.map(name))];
}

/** The engine wants a resource behind all that it depends on, which is where it stood before. */
function merged(
  before: readonly Resource[],
  now: readonly Resource[],
  urns: readonly string[],
): Resource[] {
  const mine = isOne(urns);
  const result = now.filter((one) => !mine(one)).map((one) => withOutputsOf(before, one));
  let place = 0;
  for (const one of before) {
    if (mine(one)) result.splice(place++, 0, one);
    else place = Math.max(place, result.findIndex(({ urn }) => urn === one.urn) + 1);
  }
  return result;
}

/** The stack's own outputs name the tunnel; the proof is recorded apart from any change. */
function withOutputsOf(before: readonly Resource[], one: Resource): Resource {
  if (one.type !== "pulumi:pulumi:Stack") return one;
  const old = before.find(({ urn }) => urn === one.urn)?.outputs;
  if (old === undefined) return one;
  const outputs = { ...old };
  delete outputs.proof;
  const { proof } = one.outputs ?? {};
  return { ...one, outputs: { ...outputs, ...(proof !== undefined && { proof }) } };
}
