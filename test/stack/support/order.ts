import { nodeOf, type Program, type Registered } from "./program";

/** In which order Pulumi makes the resources, and removes them the other way round. */
export class Order {
  private readonly resources: ReadonlyMap<string, Registered>;

  constructor({ resources }: Program) {
    const named = resources
      .map((resource) => [nodeOf(resource.type, resource.name), resource] as const)
      .filter(([node]) => node !== "");
    this.resources = new Map(named);
    if (this.resources.size < named.length) throw new Error("two resources have one name");
  }

  /** Commands on the gateway itself. */
  public gatewaySteps(): string[] {
    const parts = /^(FirstBoot|System|Tunnel) /;
    return [...this.resources].flatMap(([node, { type, within }]) =>
      type === "command:remote:Command" && parts.test(within) ? [node] : [],
    );
  }

  /** Whether `later` is not begun before `earlier` has ended. */
  public waits(later: string, earlier: string, seen = new Set<string>()): boolean {
    if (!this.resources.has(earlier)) throw new Error(`no resource ${earlier}`);
    return this.before(later).some((node) => {
      if (node === earlier) return true;
      if (seen.has(node)) return false;
      seen.add(node);
      return this.waits(node, earlier, seen);
    });
  }

  /**
   * One line for each resource: its component, what it waits for, and the options by which it is removed.
   * Where one waits for the other, only the later one is named.
   */
  public lines(): string[] {
    return [...this.resources.keys()].sort().map((node) => {
      const { deletedWith, ...resource } = this.resource(node);
      const after = resource.after.filter(
        (one) => !this.before(node).some((other) => this.waits(other, one)),
      );
      const words = [
        ...(resource.within === "" ? [] : [`in ${resource.within}`]),
        ...(after.length > 0 ? [`after ${after.join(" ")}`] : []),
        ...(deletedWith === "" ? [] : [`deletedWith ${deletedWith}`]),
        ...(["deleteBeforeReplace", "protect", "retainOnDelete"] as const).filter(
          (option) => resource[option],
        ),
      ];
      return `${node}: ${words.join(", ")}`;
    });
  }

  private resource(node: string): Registered {
    const found = this.resources.get(node);
    if (found === undefined) throw new Error(`no resource ${node}`);
    return found;
  }

  private before(node: string): string[] {
    const { after, within } = this.resource(node);
    return within === "" ? [...after] : [...after, within];
  }
}
