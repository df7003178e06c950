import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gatewayFiles } from "./files";
import { inLab } from "./run";
import { ROOT, type Values } from "./stackValues";

const DIRECTORY = join(ROOT, ".lab/bench/plain");

/** All files in one tree, and one script that activates them. */
export function preparePlain(values: Values): void {
  const files = gatewayFiles(values);
  for (const { path, text } of files) {
    const file = join(DIRECTORY, path.replace("/root/bench", "tree"));
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
  }
  const script = files
    .flatMap(({ check, activate }) =>
      activate === undefined
        ? []
        : [...(check === undefined ? [] : [check.replace(/\.new$/, "")]), activate],
    )
    .join("\n");
  writeFileSync(join(DIRECTORY, "tree/apply"), `set -e\n${script}\n`, { mode: 0o600 });
}

/** Options of ssh and scp that lead to the lab's gateway without a question. */
const OPTIONS = "-q -i .lab/keys/admin -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null";

/** A command line that runs one on the lab's gateway, from its workstation. */
export const onGateway = (command: string): string => `ssh ${OPTIONS} root@10.10.0.2 ${command}`;

export async function plainScript(): Promise<number> {
  const copy = `scp -r ${OPTIONS} ${DIRECTORY}/tree/. root@10.10.0.2:/root/bench/`;
  return (await inLab(`${copy} && ${onGateway("sh /root/bench/apply")}`)).seconds;
}
