import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { drift } from "./firewall";
import { lab, labOk, onGateway, spisOf, verify } from "./lab";
import { gatewayStatus, stateOf, statusWithin, whyWithin } from "./operator";
import { ownStack, upOk } from "./ownStack";
import { type SiteKey, siteKey } from "./siteKey";
import { editStack } from "./stackFile";

/** A daemon, and keys that it takes. */
interface Signer {
  readonly daemon: "iked" | "isakmpd";
  /** The site's own key, and a new one that it does not have. */
  readonly sites: SiteKey;
  readonly another: () => string;
  /** On the gateway: makes a private key in a file, as docs/authentication.md says. */
  readonly generate: (file: string) => string;
  /** Has the daemon use the key that is there now. */
  readonly reread: string;
  /** Seconds in which the daemon starts anew what it could not bring up. */
  readonly renewed: number;
}

export const SIGNERS: Readonly<Record<Signer["daemon"], Signer>> = {
  iked: {
    daemon: "iked",
    sites: "site.pem",
    another: () => pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" })),
    generate: (file) => `openssl ecparam -genkey -name prime256v1 -noout -out ${file}`,
    reread: "rcctl reload iked",
    // IKED_INITIATOR_INTERVAL of iked.h is a minute.
    renewed: 150,
  },
  isakmpd: {
    daemon: "isakmpd",
    sites: "site-rsa.pem",
    another: () => pemOf(generateKeyPairSync("rsa", { modulusLength: 2048 })),
    generate: (file) => `openssl genrsa -out ${file} 3072`,
    reread: "true",
    // What could not be brought up is tried again after two minutes (exchange.h), looked at each minute.
    renewed: 240,
  },
};

const pemOf = ({ publicKey }: { publicKey: KeyObject }): string =>
  publicKey.export({ type: "spki", format: "pem" }).toString().trim();

async function declare(daemon: Signer["daemon"], peerKey: string): Promise<void> {
  editStack((values) => {
    values.set("ike.daemon", daemon);
    values.set("tunnels.0.auth", "publickey");
    values.set("tunnels.0.peerKey", peerKey);
  });
  await upOk();
}

/** The tests of a tunnel whose ends have public keys, the same with both daemons. */
export function publicKeyTests({ daemon, sites, another, renewed }: Signer): void {
  ownStack();

  describe(`with ${daemon}, a tunnel whose ends have public keys`, () => {
    beforeAll(async () => {
      editStack((values) => {
        values.set("ike.daemon", daemon);
      });
      await upOk();
      expect((await verify("--timeout", "180")).code).toBe(0);
    });

    it("carries packets, needs no preshared key, and the other tunnel keeps its SPIs", async () => {
      const east = await spisOf("east");
      await declare(daemon, siteKey("west", sites));
      expect((await verify("--timeout", "180")).code).toBe(0);
      expect(stateOf(await gatewayStatus(), "west")).toBe("proven");
      expect(await spisOf("east")).toEqual(east);
      const { stdout } = await labOk(
        "pulumi",
        "stack",
        "output",
        "presharedKeys",
        "--json",
        "--show-secrets",
      );
      expect(Object.keys(JSON.parse(stdout) as object)).toEqual(["east"]);
      const file = `/etc/${daemon}/pubkeys/fqdn/west.example.net`;
      expect((await onGateway(`cat ${file}`)).stdout.trim()).toBe(siteKey("west", sites));
      expect(await drift()).toMatchObject({ findings: [] });
    });

    it("is not up with another key than the peer's, which `why` names; with the right one it is again", async () => {
      await declare(daemon, another());
      await labOk("gateway", "tunnel", "kill", "west");
      const status = await statusWithin(60, "west", ["down", "negotiating"]);
      expect(["down", "negotiating"]).toContain(stateOf(status, "west"));
      const { cause } = await whyWithin(renewed, "west", "public-key");
      expect(cause).toMatchObject({ code: "public-key", field: "peerKey" });
      await declare(daemon, siteKey("west", sites));
      expect((await verify("--timeout", "180")).code).toBe(0);
    });
  });
}

/** The gateway's own key is changed by hand, as docs/authentication.md says. */
export function ownKeyTest({ daemon, sites, generate, reread, renewed }: Signer): void {
  ownStack();

  describe(`with ${daemon}, a tunnel whose ends have public keys`, () => {
    beforeAll(async () => {
      await declare(daemon, siteKey("west", sites));
      expect((await verify("--timeout", "180")).code).toBe(0);
    });

    it("stays up when the gateway has a new key, and comes up anew when the peer has it too", async () => {
      const before = [await spisOf("west"), await spisOf("east")];
      const folder = `/etc/${daemon}/private`;
      const { code } = await onGateway(
        `umask 077; ${generate(`${folder}/next.key`)} && mv ${folder}/next.key ${folder}/local.key && ${reread}`,
      );
      expect(code).toBe(0);
      expect([await spisOf("west"), await spisOf("east")]).toEqual(before);
      expect((await drift()).findings).toMatchObject([{ what: `${folder}/local.key` }]);

      await labOk("gateway", "tunnel", "kill", "west");
      const { cause } = await whyWithin(renewed, "west", "authentication");
      expect(cause).toMatchObject({ code: "authentication", field: "localId" });

      expect((await lab("gateway", "drift", "--mark")).code).toBe(1);
      await upOk();
      const { stdout: output } = await labOk("pulumi", "stack", "output", "publicKey");
      const { stdout } = await onGateway(`openssl pkey -in ${folder}/local.key -pubout`);
      expect(output.trim()).toBe(stdout.trim());
      expect((await verify("--timeout", "180")).code).toBe(0);
      expect(await spisOf("east")).toEqual(before[1]);
      expect(await drift()).toMatchObject({ findings: [] });
    });
  });
}
