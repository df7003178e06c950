const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/no stack selected/, "no stack is selected: give --stack NAME, or pulumi stack select NAME"],
  [
    /passphrase must be set|incorrect passphrase/,
    "the stack's passphrase is missing or wrong: set PULUMI_CONFIG_PASSPHRASE_FILE",
  ],
  [
    /no Pulumi\.yaml project file found|fully qualified name/,
    "no project here: set GATEWAY_PROJECT to the directory of its Pulumi.yaml",
  ],
  [
    /PULUMI_ACCESS_TOKEN must be set|pulumi login/,
    "not logged in to a backend: run pulumi login, or set PULUMI_BACKEND_URL",
  ],
];

/** What to do about an error of `pulumi stack output`; its own last words if it is not known. */
export function stackFailure(stderr: string, stack?: string): string {
  if (stderr.includes("no stack named")) {
    return `${stack ?? "stack"}: no such stack: pulumi stack ls lists them`;
  }
  const known = KNOWN.find(([form]) => form.test(stderr));
  if (known) return known[1];
  const last = stderr.trim().split("\n").at(-1) ?? "";
  return `the stack's outputs cannot be read: ${last.replace(/^error: /, "") || "no reason given"}`;
}
