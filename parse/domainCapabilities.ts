/** What a hypervisor says it can run, as far as a gateway needs it (virsh domcapabilities). */
export interface DomainCapabilities {
  readonly cpuModes: readonly string[];
  readonly diskBuses: readonly string[];
  readonly rngModels: readonly string[];
}

export function parseDomainCapabilities(xml: string): DomainCapabilities {
  return {
    cpuModes: [...section(xml, "cpu").matchAll(/<mode name='([^']+)' supported='yes'/g)].map(first),
    diskBuses: valuesOf(section(xml, "disk"), "bus"),
    rngModels: valuesOf(section(xml, "rng"), "model"),
  };
}

/** What a definition asks for and the hypervisor does not have, in words; empty: it fits. */
export function unsupported(definition: string, capabilities: DomainCapabilities): string[] {
  const { cpuModes, diskBuses, rngModels } = capabilities;
  const asked: [what: string, value: string | undefined, offered: readonly string[]][] = [
    ["CPU mode", /<cpu mode="([^"]+)"/.exec(definition)?.[1], cpuModes],
    ["disk bus", /<target\b[^>]*\bbus="([^"]+)"/.exec(definition)?.[1], diskBuses],
    ["random generator", /<rng model="([^"]+)"/.exec(definition)?.[1], rngModels],
  ];
  return asked.flatMap(([what, value, offered]) =>
    value === undefined || offered.includes(value)
      ? []
      : [`${what} ${value}: it has ${offered.join(", ") || "none"}`],
  );
}

function section(xml: string, name: string): string {
  return new RegExp(`<${name}(?: supported='yes')?>[^]*?</${name}>`).exec(xml)?.[0] ?? "";
}

function valuesOf(text: string, name: string): string[] {
  const list = new RegExp(`<enum name='${name}'>([^]*?)</enum>`).exec(text)?.[1] ?? "";
  return [...list.matchAll(/<value>([^<]+)<\/value>/g)].map(first);
}

const first = (match: RegExpMatchArray): string => match[1] ?? "";
