import {
  findRelease,
  isoName,
  keyFile,
  knownVersions,
  releaseWarning,
  setDirectory,
  siteSetName,
  unknownRelease,
} from "../../../config/releases";

const the = (version: string) => {
  const release = findRelease(version);
  if (!release) throw new Error(`${version} is not in the table`);
  return release;
};

test.each(knownVersions)("%s has an Ed25519 key of its own", (version) => {
  const { key } = the(version);
  const bytes = Buffer.from(key, "base64");
  expect(bytes.toString("base64")).toBe(key);
  expect(bytes.toString("latin1", 0, 2)).toBe("Ed");
  expect(bytes).toHaveLength(2 + 8 + 32);
  expect(knownVersions.filter((other) => the(other).key === key)).toEqual([version]);
});

test("names follow the release", () => {
  const release = the("8.0");
  expect(isoName(release)).toBe("install80.iso");
  expect(siteSetName(release)).toBe("site80.tgz");
  expect(setDirectory(release)).toBe("8.0/amd64");
  expect(keyFile(release)).toBe(
    "untrusted comment: openbsd 8.0 base public key\n" +
      "RWSMSt0erHTctUxq2JDAgQRo64ztikp8JvQeiSPte3NZ0Geou0TkTEiE\n",
  );
});

test.each(["7.7", "8.2", "79", "", "7.9 ", "__proto__"])("%j is not a known release", (version) => {
  expect(findRelease(version)).toBeUndefined();
  expect(unknownRelease(version)).toBe(
    `OpenBSD ${version}: no signing key of this release is known here: use 7.8, 7.9, 8.0 or 8.1`,
  );
});

test("the two newest releases are supported; older ones and future ones warn", () => {
  expect(releaseWarning(the("7.8"))).toBeUndefined();
  expect(releaseWarning(the("7.9"))).toBeUndefined();
  expect(releaseWarning(the("8.0"))).toMatch(/was not released yet/);
  const old = { version: "7.7", digits: "77", key: "", released: "2025-04-28" };
  expect(releaseWarning(old)).toBe("OpenBSD 7.7 gets no patches any more: install 7.9");
});
