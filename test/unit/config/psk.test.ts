import fc from "fast-check";
import { guessable, pskFault, pskOddity } from "../../../config/psk";
import { parseIkedConf } from "../../../parse/ikedConf";
import { parseIpsecConf } from "../../../parse/ipsecConf";
import { quotedPsk } from "../../../render/quote";

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const DAEMONS = ["iked", "isakmpd"] as const;

it("wants nothing of keys of the usual characters and length", () => {
  const allowed = fc.constantFrom(...Array.from(`${letters}._~+-`));
  fc.assert(
    fc.property(fc.string({ unit: allowed, minLength: 20, maxLength: 200 }), (psk) => {
      fc.pre(!/^0x/i.test(psk));
      for (const daemon of DAEMONS) expect(pskFault(daemon, psk)).toBeUndefined();
      expect(pskOddity(psk)).toBeUndefined();
    }),
  );
});

it("says something about every other key, and never the key", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 220 }), (psk) => {
      fc.pre(!/^(?!0x)[A-Za-z0-9._~+-]{20,200}$/.test(psk));
      for (const daemon of DAEMONS) {
        expect(pskFault(daemon, psk) ?? pskOddity(psk)).toMatch(/^(has|is|starts with) /);
      }
    }),
  );
  const psk = `Kx9 #"é${letters}`;
  for (let i = 0; i + 4 <= psk.length; i++) {
    expect(pskFault("iked", psk)).not.toContain(psk.slice(i, i + 4));
  }
});

it.each([
  ["a line break", `${letters}\n`, "has a line break or another control character"],
  ["an umlaut", `${letters}ä`, "has a character outside ASCII"],
  ["both quotes", `${letters}"'`, "has both kinds of quotes"],
  [
    "a backslash at the end",
    `${letters}\\`,
    "has a backslash before a quote or a space, or at its end",
  ],
  ["an escaped quote", `${letters}\\"`, "has a backslash before a quote or a space, or at its end"],
  ["a hex mark", `0x${letters}`, "starts with 0x, and is no whole number of bytes"],
  ["half a byte", "0xabc", "starts with 0x, and is no whole number of bytes"],
  ["201 characters", letters.repeat(4).slice(0, 201), "is 201 characters long"],
  ["nothing", "", "is empty"],
])("no exception helps against %s", (_what, psk, fault) => {
  for (const daemon of DAEMONS) expect(pskFault(daemon, psk)).toBe(fault);
});

it.each([20, 200])("%s characters need no exception", (length) => {
  const psk = letters.repeat(4).slice(0, length);
  for (const daemon of DAEMONS) expect(pskFault(daemon, psk) ?? pskOddity(psk)).toBeUndefined();
});

it("knows what isakmpd alone cuts or misreads", () => {
  expect(pskFault("iked", `${letters} `)).toBeUndefined();
  expect(pskFault("isakmpd", `${letters} `)).toBe("has a space, at which isakmpd ends it");
  expect(pskFault("iked", `0X${letters}`)).toBeUndefined();
  expect(pskFault("isakmpd", `0X${letters}`)).toMatch(/^starts with 0x/);
});

it.each([
  ["a dollar", `${letters}$`, "has other characters than A-Z a-z 0-9 . _ ~ + -"],
  [
    "a dollar among 20",
    `${letters.slice(0, 19)}$`,
    "has other characters than A-Z a-z 0-9 . _ ~ + -",
  ],
  ["a number sign", `${letters}#`, "has a #"],
  ["a quote", `${letters}"`, "has a quote or a backslash"],
  ["hexadecimal digits", "0x00ff17", "is written in hexadecimal and is 3 bytes long"],
  ["19 characters", letters.slice(0, 19), "is 19 characters long"],
  ["both", "pa$$", "has other characters than A-Z a-z 0-9 . _ ~ + - and is 4 characters long"],
])("an exception allows %s", (_what, psk, oddity) => {
  for (const daemon of DAEMONS) expect(pskFault(daemon, psk)).toBeUndefined();
  expect(pskOddity(psk)).toBe(oddity);
});

it("quotes every key that a daemon takes so that its parser reads the same key", () => {
  const unit = fc.constantFrom(...Array.from(`ab0x"'\\ #$;{}=`));
  fc.assert(
    fc.property(fc.string({ unit, minLength: 1, maxLength: 30 }), (psk) => {
      for (const daemon of DAEMONS) {
        if (pskFault(daemon, psk) !== undefined) {
          expect(() => quotedPsk(daemon, psk)).toThrow(RangeError);
        } else {
          expect(readBack(daemon, quotedPsk(daemon, psk))).toBe(psk);
        }
      }
    }),
  );
});

function readBack(daemon: (typeof DAEMONS)[number], quoted: string): string | undefined {
  const nets = "from 10.0.0.0/24 to 10.1.0.0/24 peer 192.0.2.1";
  if (daemon === "isakmpd") {
    const text = `ike esp ${nets} main auth hmac-sha2-256 quick enc aes psk ${quoted} tag x\n`;
    return parseIpsecConf({ file: "f", text }).rules[0]?.psk;
  }
  const text = `ikev2 esp ${nets} psk ${quoted} tag x\n`;
  const authentication = parseIkedConf({ file: "f", text }).policies[0]?.authentication;
  return authentication?.method === "psk" ? authentication.secret : undefined;
}

it("finds a name in a key from four letters on, as three are there by chance", () => {
  expect(guessable(`WEST${letters}`, ["west"])).toBe("has a name of the tunnel in it");
  expect(guessable(`East${letters}`, ["eas", "north"])).toBeUndefined();
});
