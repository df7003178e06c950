import { Refusal } from "../command";

/** What `gwctl release facts` tells. */
export interface ReleaseFacts {
  readonly release: string;
  /** The kernel's own line. */
  readonly version: string;
  readonly homeFreeKib: number;
  readonly usrUsedPercent: number;
  readonly relinking: boolean;
  /** It runs the new release, and the last steps of the upgrade are not done yet. */
  readonly unfinished: boolean;
  readonly installurl: string;
}

/** @throws Refusal if a fact is missing: half of them decide nothing. */
export function parseFacts(text: string): ReleaseFacts {
  const facts = new Map(
    text.split("\n").map((line) => {
      const at = line.indexOf(" ");
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
  const fact = (name: string, form: RegExp): string => {
    const value = facts.get(name);
    if (value !== undefined && form.test(value)) return value;
    throw new Refusal(
      `gwctl release facts: no ${name} that can be read: bring the stack up, so that the gateway ` +
        "has this version's gwctl",
    );
  };
  return {
    release: fact("release", /^\d+\.\d$/),
    version: fact("version", /./),
    homeFreeKib: Number(fact("home-free-kib", /^\d+$/)),
    usrUsedPercent: Number(fact("usr-used-percent", /^\d+$/)),
    relinking: fact("relinking", /^(?:yes|no)$/) === "yes",
    unfinished: fact("unfinished", /^(?:yes|no)$/) === "yes",
    installurl: fact("installurl", /^(?:\S+|)$/),
  };
}

/** Releases count by tenths: 7.9 is followed by 8.0. */
export function nextRelease(release: string): string {
  const [major = 0, minor = 0] = release.split(".").map(Number);
  return minor === 9 ? `${major + 1}.0` : `${major}.${minor + 1}`;
}
