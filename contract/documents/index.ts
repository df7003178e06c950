import type { z } from "zod";
import { adopted, keptDisk } from "../adopt";
import { installReport } from "../install";
import { isoBuilt, isoFetched, isoProvided, isoVerified } from "../media";
import { stackOutputs } from "../stackOutputs";
import { check, imported } from "./declaration";
import { flows, rules } from "./kernel";
import * as operate from "./operate";
import { status } from "./status";
import { why } from "./why";

/** What others may read: the documents of `--json` by command, and the stack's outputs. */
export const documents: Readonly<Record<string, z.ZodType>> = {
  "stack-outputs": stackOutputs,
  adopt: adopted,
  "adopt-kept": keptDisk,
  check,
  drift: operate.drift,
  flows,
  import: imported,
  install: installReport,
  "iso-build": isoBuilt,
  "iso-build-pool": isoProvided,
  "iso-fetch": isoFetched,
  "iso-verify": isoVerified,
  migrate: operate.migrate,
  path: operate.path,
  peer: operate.peer,
  "peer-list": operate.peers,
  "promote-list": operate.volumes,
  rules,
  status,
  tunnel: operate.tunnelAction,
  upgrade: operate.upgrade,
  verify: operate.verify,
  why,
};
