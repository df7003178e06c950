import { type Device, devices, keyPrefix } from "../../../config/vendors";
import { type DeviceVendor, VENDORS } from "../../../config/vendors/names";

// The type check reads these: an expected error that does not come is an error.
describe("the compiler", () => {
  it("refuses a device without one of its limits, also one that few devices have", () => {
    const { key, ...rest } = devices.mikrotik;
    // @ts-expect-error key is missing
    const incomplete: Device = rest;
    expect([key, incomplete]).toHaveLength(2);
  });

  it("refuses a list of devices that misses a vendor", () => {
    const { aws, ...rest } = devices;
    // @ts-expect-error aws is missing
    const incomplete: Record<DeviceVendor, Device> = rest;
    expect([aws, incomplete]).toHaveLength(2);
  });
});

it.each(VENDORS)("%s takes the key that is generated for it", (vendor) => {
  for (const letters of ["0", "Zz9"]) {
    const generated = `${keyPrefix(vendor)}${letters.repeat(44).slice(0, 44)}`;
    const { key } = devices[vendor];
    if (key !== null) expect(generated).toMatch(key.form);
    expect(generated.slice(-44)).toMatch(/^[A-Za-z0-9]{44}$/);
  }
});
