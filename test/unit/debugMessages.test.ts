import * as pulumi from "@pulumi/pulumi";
import { withholdAnswers } from "../../components/debugMessages";

it("leaves the engine's answers out of debug messages, which would show generated keys", () => {
  const said: string[] = [];
  Object.defineProperty(pulumi.log, "debug", {
    value: (message: string) => said.push(message),
    configurable: true,
  });
  withholdAnswers();
  const start = "RegisterResource RPC finished: resource:west-psk; err: null, ";
  void pulumi.log.debug(`${start}resp: urn,none,result,vK3c9m2QpT7x\nWz4Lr8Ns`);
  void pulumi.log.debug("Serialize property: Output<T>");
  expect(said).toEqual([`${start}resp: withheld`, "Serialize property: Output<T>"]);
});
