// Stand-in for pulumi-language-nodejs, used only where the official one cannot be had (closed network).
import * as grpc from "@grpc/grpc-js";
import * as languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { serve } from "../engine/serve";
import { cancelPrograms, runProgram } from "./program";

/** The engine puts flags such as --trace before its own address. */
const engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";

// Methods that are absent here answer UNIMPLEMENTED: the engine asks them for `pulumi install`, `pulumi about` and
// the like, which stay the business of npm and of the official host.
const methods: grpc.UntypedServiceImplementation = {
  handshake: unary(() => new language.LanguageHandshakeResponse()),
  // The lab puts every plugin where the engine looks for it, so nothing is left to be fetched.
  getRequiredPackages: unary(() => new language.GetRequiredPackagesResponse()),
  getRequiredPlugins: unary(() => new language.GetRequiredPluginsResponse()),
  getPluginInfo: unary(() => {
    const info = new PluginInfo();
    info.setVersion("3.248.0");
    return info;
  }),
  run: (
    call: grpc.ServerUnaryCall<language.RunRequest, language.RunResponse>,
    answer: grpc.sendUnaryData<language.RunResponse>,
  ) => {
    runProgram(call.request, engineAddress).then(
      (response) => {
        answer(null, response);
      },
      (error: unknown) => {
        answer({ code: grpc.status.INTERNAL, details: String(error) });
      },
    );
  },
  cancel: unary(() => {
    cancelPrograms();
    return new Empty();
  }),
};

function unary<Response>(respond: () => Response) {
  return (_call: unknown, answer: grpc.sendUnaryData<Response>): void => {
    answer(null, respond());
  };
}

serve(languageGrpc.LanguageRuntimeService, methods, cancelPrograms);
