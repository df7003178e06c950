import { PROTECTION } from "../../../config/protectionMark";
import { inLab, lab } from "./lab";

/** Whatever an earlier run has left of prod may be destroyed: in the state, and at its hypervisor. */
export async function letProdGo(): Promise<void> {
  await lab("pulumi", "state", "unprotect", "--all", "--yes", "--stack", "prod");
  const which = `--domain gw-prod --uri ${PROTECTION.uri} --config`;
  await inLab(`virsh -q -c qemu+ssh://root@10.99.0.2/system metadata ${which} --remove`);
}
