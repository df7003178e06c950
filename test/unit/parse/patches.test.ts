import { parsePatches } from "../../../parse/patches";

it("knows what is installed and missing, and whether a kernel waits for a reboot", () => {
  const text = "installed 001_xserver\nmissing 002_iked\nmissing 003_kernel\nreboot needed\n";
  expect(parsePatches(text)).toEqual({
    installed: ["001_xserver"],
    missing: ["002_iked", "003_kernel"],
    rebootNeeded: true,
  });
});

it("does not take a mirror that did not tell for one that has nothing", () => {
  expect(parsePatches("installed 001_xserver\nunknown ftp: no address\n")).toEqual({
    installed: ["001_xserver"],
    missing: [],
    rebootNeeded: false,
    unknown: "ftp: no address",
  });
});
