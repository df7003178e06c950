/**
 * A machine that is the gateway but for its disk and its identity. Paused, it shows whether a
 * hypervisor has the processor, the machine type, the bridge and the memory that it needs.
 *
 * @param xml the gateway's own definition, as libvirt prints it
 */
export function rehearsal(xml: string, name: string): string {
  return xml
    .replace(/<name>[^<]*<\/name>/, `<name>${name}</name>`)
    .replace(/<uuid>[^<]*<\/uuid>/, "")
    .replace(/<disk\b[\s\S]*?<\/disk>/g, "")
    .replace(/<mac address='[^']*'\/>/g, "")
    .replace(/<title>[^<]*<\/title>/, "");
}

/** The processor as a document of its own, for `virsh hypervisor-cpu-compare`. */
export function processorOf(xml: string): string | undefined {
  return /<cpu\b[^>]*\/>|<cpu\b[\s\S]*?<\/cpu>/.exec(xml)?.[0];
}

/** Whether the processor has a model of its own, so that two of them can be compared. */
export const isComparable = (processor: string): boolean =>
  /mode=['"]custom['"]/.test(processor) || !/\bmode=/.test(processor);

export function domainTypeOf(xml: string): string {
  return /<domain type=['"]([^'"]+)['"]/.exec(xml)?.[1] ?? "kvm";
}
