import { isReplaced } from "../../../../operate/promotion/copy/protection";

it("another disk replaces the machine, what takes it away, and its volume; keys and the guard stay", () => {
  const stack = "urn:pulumi:prod::openbsd-ipsec-gateway::openbsd-ipsec-gateway:index:Gateway";
  const command = "command:local:Command";
  const protectedOnes = [
    ["libvirt:index/volume:Volume", "disk"],
    ["libvirt:index/domain:Domain", "machine"],
    [command, "machine-shutdown"],
    [command, "protection"],
    ["openbsd-ipsec-gateway:index:Keys", "keys"],
  ].map(([type = "", name = ""]) => ({ type, urn: `${stack}$${type}::${name}` }));
  const replaced = protectedOnes.filter(isReplaced).map(({ urn }) => urn.split("::").at(-1));
  expect(replaced).toEqual(["disk", "machine", "machine-shutdown"]);
});
