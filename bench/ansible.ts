import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ALL_RULES, gatewayFiles, type RemoteFile, shellQuote } from "./files";
import { inLab } from "./run";
import { ROOT, type Values } from "./stackValues";

const DIRECTORY = join(ROOT, ".lab/bench");

/**
 * The playbook: a task per file, validated before it is renamed as gwctl does, and one per activation.
 * What has no counterpart in it: a packet filter on trial, a tunnel of its own in each run. OpenBSD's base system has no Python, so the
 * tasks are raw commands: no module is sent or started, which is the fastest that Ansible can be.
 * A second playbook has the file of one tunnel only.
 */
export function prepareAnsible(values: Values, tunnel = ""): void {
  const files = gatewayFiles(values);
  mkdirSync(join(DIRECTORY), { recursive: true, mode: 0o700 });
  write("inventory", `gateway ansible_host=10.10.0.2 ansible_user=root\n`);
  write(
    "ansible.cfg",
    `[defaults]\nhost_key_checking = False\nprivate_key_file = ${ROOT}/.lab/keys/admin\n` +
      `[ssh_connection]\npipelining = True\n` +
      `ssh_args = -o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=/dev/null\n`,
  );
  write("all.yml", playbook(files));
  write(
    "one.yml",
    playbook(
      files.filter(
        ({ path }) => path.endsWith(`/${tunnel}.conf`) || path.endsWith(`/${ALL_RULES}`),
      ),
    ),
  );
}

export const ansible = (): Promise<number> => play("all.yml");
export const ansibleOne = (): Promise<number> => play("one.yml");

async function play(name: string): Promise<number> {
  const settings = `ANSIBLE_CONFIG=${DIRECTORY}/ansible.cfg ANSIBLE_LOCAL_TEMP=${DIRECTORY}/tmp`;
  const command = `ansible-playbook -i ${DIRECTORY}/inventory ${DIRECTORY}/${name}`;
  return (await inLab(`${settings} ${command}`)).seconds;
}

function playbook(files: readonly RemoteFile[]): string {
  const tasks = files.flatMap(({ path, text, check, activate }) => [
    task(
      `mkdir -p ${path.slice(0, path.lastIndexOf("/"))} && umask 077 && ` +
        `printf %s ${shellQuote(text)} > ${path}.new && ${check ?? "true"} && ` +
        `if cmp -s ${path}.new ${path}; then rm ${path}.new; else sync && mv ${path}.new ${path}; fi`,
    ),
    ...(activate === undefined ? [] : [task(activate)]),
  ]);
  return JSON.stringify([{ hosts: "gateway", gather_facts: false, tasks }]);
}

// The text may hold what Ansible's templates would read.
const task = (command: string): object => ({
  raw: command.includes("{") ? `{% raw %}${command}{% endraw %}` : command,
});

const write = (name: string, text: string): void => {
  writeFileSync(join(DIRECTORY, name), text, { mode: 0o600 });
};
