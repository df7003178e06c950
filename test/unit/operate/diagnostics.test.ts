import { diagnosticsOf } from "../../../operate/stack/diagnostics";

const FAILED = `Updating (prod):
 +  command:local:Command prod-copy creating (5s) error: exit status 1: running "exec ./scripts/gateway adopt"
 +  command:local:Command prod-copy **creating failed** error: exit status 1
    pulumi:pulumi:Stack gw-prod running error: update failed

Diagnostics:
  pulumi:pulumi:Stack (gw-prod):
    error: update failed

  command:remote:Command (west):
    warning: the peer was not told
    error: Process exited with status 1: gwctl: west: refused
    gwctl: line 3: no such group

  command:remote:Command (east):
    warning: only a warning

Outputs:
    gateway: {
        name: "gw-prod"
    }

Resources:
    + 3 created
    12 unchanged

Duration: 9s
`;

describe("what a failed update says", () => {
  it("is each resource's error, and neither its warnings nor what the stack says of itself", () => {
    expect(diagnosticsOf(FAILED, "error: update failed\n")).toBe(
      "west: error: Process exited with status 1: gwctl: west: refused\n" +
        "  gwctl: line 3: no such group",
    );
  });

  it("is the stack's own error where it refuses by itself", () => {
    const refused =
      "Diagnostics:\n  pulumi:pulumi:Stack (gw-prod):\n    error: stack test was never proven\n\n";
    expect(diagnosticsOf(refused, "")).toBe("gw-prod: error: stack test was never proven");
  });

  it("is what the engine said where no resource was reached", () => {
    expect(diagnosticsOf("", "error: no stack named 'prod' found\n")).toBe(
      "error: no stack named 'prod' found",
    );
    expect(diagnosticsOf("", "")).toBe("no reason given");
  });
});
