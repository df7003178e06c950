import { Scratch } from "./scratch";

/** A gateway with tunnels whose peers are given by name. */
export class NamedPeers extends Scratch {
  constructor() {
    super();
    this.write("etc/gwctl.watch", "interval 10\nfailures 4\nbackoff 60\ncap 3\n");
  }

  /** What names are answered with from now on: lines `ADDRESS NAME`. */
  answers(...lines: string[]): void {
    this.fakeFile("hosts", lines.map((line) => `${line}\n`).join(""));
  }

  put(text: string, name = "west", daemon = "iked"): string {
    return this.ok(`tunnel put ${daemon} ${name}`, text);
  }

  /** So many passes of the watchdog. */
  pass(times = 1): void {
    for (let n = 0; n < times; n++) this.ok("watch once");
  }

  /** The rows of one section of the state. */
  section(name: string): string[] {
    const all = this.run("state").stdout.split(/^--- /m);
    return (all.find((one) => one.startsWith(`${name}\n`)) ?? "").split("\n").slice(1, -1);
  }

  /** A tunnel's text as it is on the gateway. */
  text(name = "west", dir = "iked"): string {
    return this.read(`etc/${dir}/${name}.conf`) ?? "";
  }
}
