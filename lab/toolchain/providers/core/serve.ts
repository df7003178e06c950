// The provider protocol on the wire: one gRPC method per engine request, each handed on to the Provider.
import { setTimeout as sleep } from "node:timers/promises";
import * as grpc from "@grpc/grpc-js";
import * as engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { serve } from "../../engine/serve";
import type { Provider } from "./provider";
import type { Context } from "./resourceType";
import type { Properties } from "./values";

/** How long, in milliseconds, a cancelled command may take to tell the other side that it is over. */
const longestGoodbye = 1000;

/** Serves the provider to the engine that started this process; its address is the first argument. */
export function serveProvider(provider: Provider): void {
  const engine = connectEngine(process.argv.slice(2).find((argument) => !argument.startsWith("-")));
  const cancelled = new AbortController();
  const running = new Set<Promise<unknown>>();

  const context = (urn: string, timeoutSeconds: number): Context => ({
    signal:
      timeoutSeconds > 0
        ? AbortSignal.any([cancelled.signal, AbortSignal.timeout(timeoutSeconds * 1000)])
        : cancelled.signal,
    log: (line) => {
      engine(urn, line, LogSeverity.INFO, true);
    },
    warn: (line) => {
      engine(urn, line, LogSeverity.WARNING, false);
    },
  });

  // The engine hears an error's message only: a stack would show nothing but this plugin's own lines.
  const method =
    <Request, Response>(respond: (request: Request) => Response | Promise<Response>) =>
    (call: { request: Request }, answer: grpc.sendUnaryData<Response>): void => {
      const operation = Promise.resolve(call.request).then(respond);
      running.add(operation);
      operation
        .finally(() => running.delete(operation))
        .then(
          (response) => {
            answer(null, response);
          },
          (error: unknown) => {
            const details = error instanceof Error ? error.message : String(error);
            answer({ code: grpc.status.UNKNOWN, details });
          },
        );
    };

  const methods: grpc.UntypedServiceImplementation = {
    getPluginInfo: method(() => {
      const info = new PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),
    getSchema: method(() => {
      const response = new wire.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: provider.name, version: provider.version }));
      return response;
    }),
    checkConfig: method((request: wire.CheckRequest) => {
      const response = new wire.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: method(() => new wire.DiffResponse()),
    configure: method(() => {
      // No preview support: the engine then treats every output of a planned resource as unknown.
      const response = new wire.ConfigureResponse();
      response.setAcceptsecrets(true);
      return response;
    }),
    check: method((request: wire.CheckRequest) => {
      const inputs = request.getNews();
      const response = new wire.CheckResponse();
      response.setInputs(inputs);
      for (const { property, reason } of provider.check(tokenOf(request), properties(inputs))) {
        const failure = new wire.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        response.addFailures(failure);
      }
      return response;
    }),
    diff: method((request: wire.DiffRequest) => {
      const old = properties(request.getOldInputs() ?? request.getOlds());
      const { changed, replaces } = provider.diff(
        tokenOf(request),
        old,
        properties(request.getNews()),
      );
      const response = new wire.DiffResponse();
      const { DIFF_SOME, DIFF_NONE } = wire.DiffResponse.DiffChanges;
      response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
      response.setDiffsList(changed);
      response.setReplacesList(replaces);
      return response;
    }),
    create: method(async (request: wire.CreateRequest) => {
      const urn = request.getUrn();
      const name = urn.slice(urn.lastIndexOf("::") + 2);
      const operation = context(urn, request.getTimeout());
      const created = await provider.create(
        tokenOf(request),
        properties(request.getProperties()),
        name,
        operation,
      );
      const response = new wire.CreateResponse();
      response.setId(created.id);
      response.setProperties(struct(created.state));
      return response;
    }),
    read: method((request: wire.ReadRequest) => {
      const state = request.getProperties();
      if (!state || state.getFieldsMap().getLength() === 0) {
        throw new Error(`${tokenOf(request)} cannot be imported: there is nothing to read it from`);
      }
      const response = new wire.ReadResponse();
      response.setId(request.getId());
      response.setProperties(state);
      response.setInputs(request.getInputs());
      return response;
    }),
    update: method(async (request: wire.UpdateRequest) => {
      const response = new wire.UpdateResponse();
      const operation = context(request.getUrn(), request.getTimeout());
      const state = await provider.update(
        tokenOf(request),
        properties(request.getNews()),
        properties(request.getOlds()),
        operation,
      );
      response.setProperties(struct(state));
      return response;
    }),
    delete: method(async (request: wire.DeleteRequest) => {
      const operation = context(request.getUrn(), request.getTimeout());
      await provider.delete(tokenOf(request), properties(request.getProperties()), operation);
      return new Empty();
    }),
    cancel: method(() => {
      cancelled.abort(new Error("cancelled"));
      return new Empty();
    }),
    attach: method(() => new Empty()),
  };

  serve(providerGrpc.ResourceProviderService, methods, async () => {
    cancelled.abort(new Error("the engine is gone"));
    await Promise.race([Promise.allSettled(running), sleep(longestGoodbye)]);
  });
}

function properties(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

function struct(values: Properties): Struct {
  return Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);
}

/** urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME (older engines send no type of its own). */
function tokenOf(request: { getUrn(): string; getType(): string }): string {
  if (request.getType() !== "") return request.getType();
  return request.getUrn().split("::")[2]?.split("$").at(-1) ?? "";
}

function connectEngine(address: string | undefined) {
  if (address === undefined) return () => undefined;
  const client = new engineGrpc.EngineClient(address, grpc.credentials.createInsecure());
  return (urn: string, message: string, severity: LogSeverity, ephemeral: boolean): void => {
    const request = new LogRequest();
    request.setUrn(urn);
    request.setMessage(message);
    request.setSeverity(severity);
    request.setEphemeral(ephemeral);
    client.log(request, () => undefined);
  };
}
