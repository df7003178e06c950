/**
 * What libvirt keeps with a protected machine, for everybody who would take it away:
 * `virsh metadata MACHINE --uri …` shows it.
 */
export const PROTECTION = {
  uri: "https://openbsd-ipsec-gateway.invalid/protection",
  key: "gateway",
  /** The element that carries it, with a word that says which `pulumi up` has left it. */
  element: (word: string): string => `<protected word="${word}"/>`,
} as const;

/** @param metadata what `virsh metadata` printed */
export function wordOf(metadata: string): string | undefined {
  return /<(?:\w+:)?protected\b[^>]*\bword=["']([0-9a-z]+)["']/.exec(metadata)?.[1];
}

/** What libvirt says of a machine without it. */
export const NOT_PROTECTED = /metadata not found|metadata element is not present/i;
