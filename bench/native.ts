import { join } from "node:path";
import { andBack, threeTools, TUNNELS, tunnelsChanged, up } from "./apply";
import { onGateway } from "./plain";
import { median, type Measurement } from "./report";
import { inLab, timed } from "./run";
import { NO_PROBE, oneLook } from "./status";
import { ROOT, type Values, withTunnels } from "./stackValues";

const MANY = 500;
const LOGINS = 9;

/**
 * The gateway without an emulator (`lab native`), as this machine's kernel allows it: with isakmpd, its userland
 * and sshd real processes here, and no tunnel that carries packets. What an update takes, in parts: Pulumi alone,
 * one login, and what the gateway does.
 */
export function natively(): Promise<Measurement[]> {
  return andBack(async (values) => {
    const isakmpd = withDaemon(values);
    await up(isakmpd, "isakmpd, on the emulated gateway");
    await lab("native", "up");
    try {
      const few = await threeTools(passive(withTunnels(isakmpd, TUNNELS)));
      const many = await many500(passive(withTunnels(isakmpd, MANY)));
      return [...few, ...many, await oneLogin(), await statusAlone()];
    } finally {
      await up(isakmpd, "as the disk of the emulated gateway has it").finally(() =>
        lab("native", "down"),
      );
    }
  });
}

/** No peer answers, so none is asked. */
const passive = (values: Values): Values => ({
  ...values,
  tunnels: (values.tunnels as Values[]).map((tunnel) => ({
    ...tunnel,
    mode: "passive",
    probe: undefined,
  })),
});

const withDaemon = (values: Values): Values => ({
  ...values,
  ike: { ...(values.ike as Values), daemon: "isakmpd" },
});

async function many500(values: Values): Promise<Measurement[]> {
  const created = await up(values, `${MANY} tunnels`);
  const idle = await up(values, "nothing changed");
  const changed = await up(tunnelsChanged(values), `${MANY} tunnels changed`, MANY);
  return [
    { name: `pulumi up, ${MANY - TUNNELS} new tunnels`, value: created, target: "< 180 s" },
    { name: `pulumi up, ${MANY} tunnels, nothing changed`, value: idle },
    { name: `pulumi up, ${MANY} changed tunnels`, value: changed },
    {
      name: "  each of them, beside what nothing changed takes",
      value: (changed - idle) / MANY,
      target: "≤ 0.15 s",
    },
  ];
}

async function oneLogin(): Promise<Measurement> {
  const taken: number[] = [];
  for (let n = 0; n < LOGINS; n++) taken.push((await inLab(onGateway("true"))).seconds);
  return { name: "one login", value: median(taken) };
}

async function statusAlone(): Promise<Measurement> {
  const { seconds } = await oneLook(NO_PROBE);
  return { name: `status of ${MANY} tunnels, without a ping`, value: seconds, target: "< 1 s" };
}

const lab = (...args: string[]): Promise<unknown> => timed(join(ROOT, "scripts/lab"), args);
