import { GWCTL_LINE, gwctlDrift, gwctlDriftErrata } from "../../contract/gwctl";
import { inSections } from "../unit/support/sections";
import { describeShell, Scratch } from "./support/scratch";

const NEW_KERNEL = "@(#)OpenBSD 7.9 (GENERIC) #2: Wed\n";
const PROBES = "# name source target\nwest 10.10.0.2 10.20.1.100\neast 10.10.0.2 10.20.2.100\n";

let gateway: Scratch;
beforeEach(() => (gateway = new Scratch()));
afterEach(() => {
  gateway.dispose();
});

describeShell("gwctl sysctl", () => {
  test("sets what differs and keeps the rest: a value that was changed by hand is put back", () => {
    const input = "# ours\nnet.a=1\nnet.b=0\n";
    expect(gateway.run("sysctl", { input }).stdout).toBe("changed: net.b=0, /etc/sysctl.conf\n");
    expect(gateway.run("sysctl", { input }).stdout).toBe("unchanged\n");
    expect(gateway.read("etc/sysctl.conf")).toBe(input);
    gateway.run("sysctl", { input: "net.b=7\n" });
    expect(gateway.run("sysctl", { input }).stdout).toContain("net.b=0");
  });

  test("a value that the kernel refuses changes nothing, not even those before it", () => {
    gateway.run("sysctl", { input: "net.b=0\n" });
    const run = gateway.run("sysctl", { input: "net.b=5\nnet.c=refused\n" });
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^gwctl: \/etc\/sysctl\.conf: net\.c does not take refused: /);
    expect(gateway.read("etc/sysctl.conf")).toBe("net.b=0\n");
    expect(gateway.fakeRead("sysctl/net.b")).toBe("0\n");
  });

  test("a name that the kernel does not know is refused with its words", () => {
    const run = gateway.run("sysctl", { input: "nosuch.name=1\n" });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain("second level name");
  });
});

describeShell("gwctl packages", () => {
  const installed = () => gateway.list("var/db/pkg");
  beforeEach(() => {
    gateway.write("var/db/pkg/quirks-7.1/+CONTENTS", "");
    gateway.fakeFile("mirror", "vim-9.2.57-gtk3\nvim-9.2.57-no_x11\nrsync-3.4.1p1\nnmap-7.98\n");
  });

  test("installs what is missing, once, and removes what left the list", () => {
    const both = "# ours\nvim--no_x11\nrsync\n";
    expect(gateway.run("packages", { input: both }).stdout).toBe(
      "changed: vim-9.2.57-no_x11 installed, rsync-3.4.1p1 installed\n",
    );
    gateway.calls();
    expect(gateway.run("packages", { input: both }).stdout).toBe("unchanged\n");
    expect(gateway.calls().filter((call) => call.startsWith("pkg_"))).toEqual([]);
    expect(gateway.run("packages", { input: "# ours\nrsync\n" }).stdout).toBe(
      "changed: vim-9.2.57-no_x11 removed\n",
    );
    expect(gateway.run("packages", { input: "# ours\n" }).stdout).toContain("rsync");
    expect(installed()).toEqual(["quirks-7.1"]);
  });

  test("never removes what was there before it was listed", () => {
    gateway.write("var/db/pkg/nmap-7.97/+CONTENTS", "");
    expect(gateway.run("packages", { input: "nmap\n" }).stdout).toBe("unchanged\n");
    expect(gateway.run("packages", { input: "# none\n" }).stdout).toBe("unchanged\n");
    expect(installed()).toContain("nmap-7.97");
  });

  test("another flavour is another package", () => {
    gateway.write("var/db/pkg/vim-9.2.57-gtk3/+CONTENTS", "");
    gateway.run("packages", { input: "vim--no_x11\n" });
    expect(installed()).toContain("vim-9.2.57-no_x11");
  });

  test("says what pkg_add said, and what was installed beside is still removed later", () => {
    const run = gateway.run("packages", { input: "nosuch\nrsync\n" });
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/did not install nosuch: /);
    expect(run.stderr).toContain("Can't find nosuch");
    expect(gateway.run("packages", { input: "# none\n" }).stdout).toContain(
      "rsync-3.4.1p1 removed",
    );
  });

  test("takes a list that was cut off for no list", () => {
    expect(gateway.run("packages", { input: "" }).status).toBe(1);
    expect(gateway.run("packages", { input: "rsync\nvi" }).status).toBe(1);
    expect(installed()).toEqual(["quirks-7.1"]);
  });
});

describeShell("gwctl patches", () => {
  test("reports without installing", () => {
    gateway.fakeFile("patched", "001_a\n");
    gateway.fakeFile("pending", "002_b\n");
    expect(gateway.run("patches report").stdout).toBe(
      "installed 001_a\nmissing 002_b\nunchanged\n",
    );
  });

  test("a mirror that does not answer is no failure of the report", () => {
    gateway.fakeFile("fail", "^syspatch -c");
    const run = gateway.run("patches report");
    expect(run).toMatchObject({
      status: 0,
      stdout: "unknown syspatch: fails as asked\nunchanged\n",
    });
    gateway.fakeFile("fail", "^syspatch $");
    gateway.fakeFile("pending", "002_b\n");
    expect(gateway.run("patches apply")).toMatchObject({ status: 2, stdout: "" });
  });

  test("applies until nothing is left, also when syspatch renews itself in between", () => {
    gateway.fakeFile("pending", "001_a\n002_self\n003_kernel\n");
    expect(gateway.run("patches apply").stdout).toBe(
      "installed 001_a\ninstalled 002_self\ninstalled 003_kernel\nreboot needed\n" +
        "changed: 001_a 002_self 003_kernel installed\n",
    );
  });

  test("a patched daemon runs anew", () => {
    gateway.run("services", { input: "isakmpd_flags=NO\nipsec=NO\niked_flags=\n" });
    gateway.write("etc/iked.conf", 'include "/etc/iked/west.conf"\n');
    gateway.fakeFile("running.iked", "1\n");
    gateway.fakeFile("pending", "001_iked\n");
    gateway.calls();
    gateway.run("patches apply");
    expect(gateway.calls().filter((call) => call.startsWith("rcctl st"))).toEqual([
      "rcctl stop iked",
      "rcctl start iked",
    ]);
  });
});

describeShell("gwctl reboot", () => {
  const down = () => gateway.calls().filter((call) => /^(shutdown|rcctl stop sshd)/.test(call));
  const boot = () => {
    gateway.endDeadMen();
    gateway.remove("var/run/gwctl.boot");
    gateway.fakeFile("kernel", "OpenBSD 7.9 (GENERIC) #2: Wed\n");
  };
  beforeEach(() => {
    gateway.write("bsd", NEW_KERNEL);
  });

  test("does nothing while the kernel on disk is the one that runs", () => {
    gateway.write("bsd", "@(#)OpenBSD 7.9 (GENERIC) #1: Tue\n");
    expect(gateway.run("reboot begin", { input: PROBES }).stdout).toBe("unchanged\n");
    expect(gateway.run("reboot end 1", { input: PROBES }).stdout).toBe("unchanged\n");
    expect(down()).toEqual([]);
  });

  test("ends when the tunnels that were proven before are proven again", () => {
    gateway.fakeFile("silent", "10.20.2.100\n");
    expect(gateway.run("reboot begin", { input: PROBES }).stdout).toBe("changed: reboots\n");
    expect(down()).toContain("rcctl stop sshd");
    expect(gateway.run("reboot end 1", { input: PROBES })).toMatchObject({ status: 2 });
    boot();
    expect(gateway.run("reboot end 1", { input: PROBES }).stdout).toBe(
      "changed: rebooted, 7.9, 1 tunnels proven again\n",
    );
    expect(gateway.run("reboot end 1", { input: PROBES }).stdout).toBe("unchanged\n");
  });

  test("names the tunnels that did not come back", () => {
    gateway.run("reboot begin", { input: PROBES });
    boot();
    gateway.fakeFile("silent", "10.20.2.100\n");
    const run = gateway.run("reboot end 1", { input: PROBES });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("not proven again within 1 s of the reboot: east: ");
    gateway.fakeFile("silent", undefined);
    expect(gateway.run("reboot end 1", { input: PROBES }).status).toBe(0);
  });

  test("waits for its window, also over midnight", () => {
    const minutes = (offset: number) =>
      new Date(Date.now() + offset * 60_000).toTimeString().slice(0, 5);
    const outside = `${minutes(120)}-${minutes(180)}`;
    expect(gateway.run(`reboot begin --window ${outside}`, { input: PROBES }).stdout).toBe(
      `unchanged: a patched kernel waits for a reboot within ${outside}\n`,
    );
    expect(down()).toEqual([]);
    const inside = `${minutes(-60)}-${minutes(60)}`;
    expect(gateway.run(`reboot begin --window ${inside}`, { input: PROBES }).stdout).toBe(
      "changed: reboots\n",
    );
  });
});

describeShell("gwctl drift", () => {
  const drift = (specs = "") =>
    inSections(gwctlDrift, gateway.run("drift", { input: specs }).stdout);

  const loaded = () => {
    const [run, file] = drift().rules.map((line) => GWCTL_LINE.checksum.exec(line)?.groups?.sha256);
    return run === file;
  };

  test("distinguishes the rules that it had confirmed from those that were loaded by hand", () => {
    const admin = { SSH_CONNECTION: "10.10.0.254 1 10.10.0.2 22" };
    gateway.run("pf load 30", { input: "pass\n", env: admin });
    const other = { SSH_CONNECTION: "10.10.0.254 2 10.10.0.2 22" };
    gateway.run("pf confirm 30", { input: "pass\n", env: other });
    expect(loaded()).toBe(true);
    gateway.fakeFile("pf", "block\n");
    expect(loaded()).toBe(false);
    expect(gateway.run("pf load 30", { input: "pass\n", env: admin }).stdout).toBe(
      "changed: rules loaded again\n",
    );
    expect(loaded()).toBe(true);
    expect(gateway.fakeRead("pf")).toBe("pass\n");
  });

  test("sees a main file that does not follow from the tunnels, and services starts with the right one", () => {
    gateway.run("services", { input: "isakmpd_flags=NO\nipsec=NO\niked_flags=\n" });
    gateway.write("etc/iked/west.conf", 'ikev2 "west" passive psk "x"\n');
    gateway.write("etc/iked.conf", 'include "/etc/iked/gone.conf"\n');
    expect(drift().main).toEqual(["changed /etc/iked.conf"]);
    gateway.run("services", { input: "isakmpd_flags=NO\nipsec=NO\niked_flags=\n" });
    expect(drift().main).toEqual([]);
    expect(gateway.calls()).toContain("rcctl start iked");
  });

  test("names the package that a spec stands for", () => {
    gateway.write("var/db/pkg/python-3.13.12/+CONTENTS", "");
    expect(drift("python%3\npython%2\nnosuch\n").packages).toEqual([
      "python%3 python-3.13.12",
      ...["python%2 -", "nosuch -"],
    ]);
  });

  test("has a section of the errata where these are asked for", () => {
    gateway.fakeFile("patched", "001_a\n");
    gateway.fakeFile("pending", "002_b\n");
    const { stdout } = gateway.run("drift errata");
    expect(inSections(gwctlDriftErrata, stdout).errata).toEqual([
      ...["installed 001_a", "missing 002_b"],
    ]);
  });
});
