import { typedIdentity } from "./identity";

const KINDS: Readonly<Record<string, string>> = {
  IPV4: "IP",
  IPV6: "IP",
  UFQDN: "email",
  FQDN: "DNS",
};

/** As openssl writes what iked compares an identity with. */
export function alternativeName(identity: string): string {
  const [type = "", ...value] = typedIdentity(identity).split("/");
  return `${KINDS[type] ?? "DNS"}:${value.join("/")}`;
}
