import { CONFIRM_SECONDS } from "../../../components/openbsd/onTrial";
import { PSK_LENGTH } from "../../../components/openbsd/presharedKey";
import { FEWEST_CHARACTERS, FEWEST_DIFFERENT, MOST_CHARACTERS } from "../../../config/psk";
import { installDialogue } from "../../../operate/console/dialogue";
import { EXCEPTION_DAYS } from "../../../operate/import/applyRules";
import { SESSION_HOURS } from "../../../operate/serve/http/access";
import { MOST_READERS } from "../../../operate/serve/http/events";
import { STALE_INTERVALS } from "../../../operate/serve/pageState";
import { REREAD_SECONDS, SUSPICIOUS_SECONDS } from "../../../operate/serve/stackSource";
import { HISTORY_SAMPLES } from "../../../operate/serve/tunnelRecord";
import { HOME_KIB, USR_PERCENT } from "../../../operate/upgrade/preflight";
import { AWAY_MS } from "../../../operate/upgrade/steps";
import { UNKNOWN_PEER_LIMITS } from "../../../render/pfAccess";
import { read } from "./support";

const [, most, each] = /\(max (\d+),.* max-src-states (\d+)\)/.exec(UNKNOWN_PEER_LIMITS) ?? [];
const ssh = (option: string) =>
  Number(new RegExp(`${option}=(\\d+)`).exec(read("scripts/lib/hypervisor-ssh"))?.[1]);
const steps = installDialogue("remastered").map(({ seconds }) => seconds);
const longest = (type: "kvm" | "qemu") => Math.max(...steps.map((each) => each[type])) / 60;

/** The sentences that name a number which the program has as a constant. */
it.each([
  ["crypto", `(${PSK_LENGTH} letters and digits`],
  ["crypto", `NAME instead: ${FEWEST_CHARACTERS} to ${MOST_CHARACTERS} characters`],
  ["crypto", `at least ${FEWEST_DIFFERENT} different ones`],
  ["crypto", `more than ${MOST_CHARACTERS} characters`],
  ["install", `after ${longest("kvm")} minutes with KVM, after ${longest("qemu")} without`],
  ["monitoring", `An answer counts for ${STALE_INTERVALS} intervals.`],
  ["monitoring", `answered within ${STALE_INTERVALS} intervals`],
  ["monitoring", `a session of ${SESSION_HOURS} hours`],
  ["monitoring", `the newest ${HISTORY_SAMPLES} answers`],
  ["monitoring", `Up to ${MOST_READERS} pages`],
  [
    "monitoring",
    `every ${REREAD_SECONDS / 60} minutes, and ${SUSPICIOUS_SECONDS / 60} minute after`,
  ],
  ["peers", `an \`exception\` for ${EXCEPTION_DAYS} days`],
  ["promotion", `given up after ${ssh("ConnectTimeout")} seconds`],
  [
    "promotion",
    `after ${ssh("ServerAliveInterval") * ssh("ServerAliveCountMax")} where there is one`,
  ],
  ["safety", `within ${CONFIRM_SECONDS} s, the gateway goes back`],
  ["safety", `\`load ${CONFIRM_SECONDS}\`, and \`confirm ${CONFIRM_SECONDS}\``],
  ["security", `${PSK_LENGTH} characters where it was generated`],
  ["security", `else ${FEWEST_CHARACTERS} to ${MOST_CHARACTERS}`],
  ["security", `at most ${each} states of one address and ${most} of all unknown ones`],
  ["upgrade", `less than ${HOME_KIB / 1024 ** 2} GiB free`],
  ["upgrade", `\`/usr\` is ${USR_PERCENT} % full`],
  ["upgrade", `waited for up to ${AWAY_MS / 60_000} minutes`],
])("docs/%s.md says: %s", (page, sentence) => {
  expect(read(`docs/${page}.md`).replace(/\s+/g, " ")).toContain(sentence);
});
