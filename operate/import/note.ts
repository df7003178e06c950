import type { Place } from "../../parse/bsdConf/token";

/** What became of a line, for the operator to read. Never shows a key. */
export interface Note extends Partial<Place> {
  /** `left out`: not in the result. `changed`: in it, but not as it stood. `check`: true as far as known. */
  readonly kind: "left out" | "changed" | "check";
  /** The tunnel it is about, once it has a name. */
  readonly tunnel?: string;
  readonly reason: string;
  /** What to do, as an instruction. */
  readonly fix: string;
}

/** Why a whole rule cannot be a tunnel. */
export class LeftOut extends Error {
  public constructor(
    reason: string,
    public readonly fix: string,
  ) {
    super(reason);
  }
}

/** Why a rule for transport mode is left out; of GRE between two hosts the interface stands in another file. */
export function transportMode(protocol: string | undefined): [reason: string, fix: string] {
  return protocol === "gre" || protocol === "47"
    ? [
        "protects GRE in transport mode",
        "declare it with kind: gre, and gre: { unit, address, peerAddress } from hostname.gre(5)",
      ]
    : ["is transport mode", "agree tunnel mode with the peer"];
}

/** Collects what is said of one statement. */
export class Notes {
  public readonly all: Note[] = [];

  public leftOut(place: Place, reason: string, fix: string): void {
    this.add("left out", place, reason, fix);
  }

  /** What `make` gives for each rule; of one that throws {@link LeftOut} only the note. */
  public each<R extends Place, T>(rules: readonly R[], make: (rule: R) => T): T[] {
    return rules.flatMap((rule) => {
      try {
        return [make(rule)];
      } catch (error) {
        if (!(error instanceof LeftOut)) throw error;
        this.leftOut(rule, error.message, error.fix);
        return [];
      }
    });
  }

  public changed(place: Place, reason: string, fix: string): void {
    this.add("changed", place, reason, fix);
  }

  /** Said once, however many lines it is true of. */
  public check(place: Place, reason: string, fix: string): void {
    if (!this.all.some((note) => note.reason === reason)) this.add("check", place, reason, fix);
  }

  /** Of the whole, and so of no line. */
  public ofAll(reason: string, fix: string): void {
    this.all.push({ kind: "check", reason, fix });
  }

  /** Of a file that is no configuration. */
  public ofFile(kind: Note["kind"], file: string, reason: string, fix: string): void {
    this.all.push({ kind, file, reason, fix });
  }

  private add(kind: Note["kind"], { file, line }: Place, reason: string, fix: string): void {
    this.all.push({ kind, file, line, reason, fix });
  }
}

/** `FILE:LINE: KIND: REASON: FIX`, without what it is not about. */
export function formatNote({ file, line, kind, tunnel, reason, fix }: Note): string {
  const at = [file, line].filter((part) => part !== undefined).join(":");
  return `${at === "" ? "" : `${at}: `}${tunnel === undefined ? "" : `${tunnel}: `}${kind}: ${reason}: ${fix}`;
}
