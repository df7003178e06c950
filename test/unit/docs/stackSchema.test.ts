import Ajv from "ajv";
import { parse } from "yaml";
import { topologies } from "../../golden/topologies";
import { edited, type Values } from "../support/stack";
import { NAMESPACE, read, schemaNow } from "./support";

const validate = new Ajv({ allErrors: true }).compile(schemaNow());

/** What an editor would underline in a stack's file, by path. */
function underlined(file: unknown): string[] {
  validate(file);
  return (validate.errors ?? []).map(({ dataPath, message = "" }) => `${dataPath} ${message}`);
}

const stack = (changes: Values, more: Values = {}): object => ({
  config: {
    ...Object.fromEntries(
      Object.entries(edited(changes)).map(([key, value]) => [`${NAMESPACE}:${key}`, value]),
    ),
    ...more,
  },
});

test.each(["Pulumi.test.yaml", "Pulumi.prod.yaml"])(
  "%s is accepted, and names the schema",
  (file) => {
    expect(underlined(parse(read(file)))).toEqual([]);
    expect(read(file)).toMatch(/^# yaml-language-server: \$schema=schema\/stack\.schema\.json\n/);
  },
);

test.each(Object.entries(topologies))("the stack %s is accepted", (_name, changes) => {
  expect(underlined(stack(changes))).toEqual([]);
});

test("secrets, other programs' keys and what commands write are accepted", () => {
  const more = {
    "openbsd-ipsec-gateway:psk-west": { secure: "v1:4sD0:notAnythingThatCouldBeRead" },
    "openbsd-ipsec-gateway:proof": { at: "2026-11-23T00:00:00Z", shape: "a" },
    "openbsd-ipsec-gateway:retained": [{ volume: "old", hostKey: "ssh-ed25519 AAAA" }],
    "libvirt:uri": "qemu:///system",
    "aws:defaultTags": { tags: { of: "another program" } },
  };
  const file = { encryptionsalt: "v1:salt", ...stack({ "tunnels.0.psk": "psk-west" }, more) };
  expect(underlined(file)).toEqual([]);
});

test("values that YAML reads as numbers are accepted where the program takes them", () => {
  const group = { encryption: "aes-256", integrity: "hmac-sha2-256", group: 14 };
  const iso = { image: undefined, iso: { release: 7.9 } };
  expect(underlined(stack({ source: iso, "tunnels.0.phase1": group }))).toEqual([]);
});

test.each<[slip: string, file: object]>([
  ["a misspelt key", stack({ "tunnels.0.peeer": "198.51.100.1" })],
  ["a misspelt section", stack({}, { "openbsd-ipsec-gateway:tunels": [] })],
  ["a number in quotes", stack({ "machine.memoryMiB": "512" })],
  ["a number out of range", stack({ "ike.deadPeerSeconds": 1 })],
  ["a word that is no choice", stack({ "ike.daemon": "racoon" })],
  ["a word for a truth value", stack({ "network.behindNat": "yes" })],
  ["a name with a capital letter", stack({ "machine.name": "GW" })],
  ["a missing key", stack({ "network.address": undefined })],
  ["a missing section", stack({ network: undefined })],
  ["a key of another driver", stack({ perimeter: { driver: "manual", routes: true } })],
  ["an object in a list of texts", stack({ "tunnels.0.local": [{ network: "10.0.0.0/8" }] })],
  ["no configuration", { confg: {} }],
])("%s is underlined", (_slip, file) => {
  expect(underlined(file)).not.toEqual([]);
});
