import { accessSync, constants } from "node:fs";
import { connectionTo } from "../../../operate/console/virsh";

describe("the connection to a hypervisor", () => {
  it.each(["qemu+ssh://root@hv2/system", "qemu+ssh://root@hv2:2222/system?keyfile=/k"])(
    "notices over SSH when the other end is gone: %s",
    (uri) => {
      const connection = connectionTo(uri);
      expect(connection.startsWith(uri)).toBe(true);
      const url = new URL(connection);
      accessSync(url.searchParams.get("command") ?? "", constants.X_OK);
      expect(url.searchParams.get("keyfile")).toBe(new URL(uri).searchParams.get("keyfile"));
    },
  );

  it.each([
    "qemu:///system",
    "qemu+tls://hv2/system",
    "test:///default",
    "qemu+ssh://hv2/system?command=/opt/ssh",
    "an-alias-of-libvirt.conf",
  ])("is as the stack says otherwise: %s", (uri) => {
    expect(connectionTo(uri)).toBe(uri);
  });
});
