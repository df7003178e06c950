// How a plugin of the closed-network toolchain meets the engine: a loopback port, told on the first line of stdout.
import * as grpc from "@grpc/grpc-js";

/** Messages carry whole inventories and command output; gRPC's own limit is 4 MiB. */
const largestMessage = 400 * 1024 * 1024;

/**
 * Serves one gRPC service to the engine that started this process.
 *
 * @param onEnd called when the engine wants the process to go or is gone; the process exits when it has settled
 * @throws never; a port that cannot be bound ends the process with exit code 1 and a line on stderr
 */
export function serve(
  service: unknown,
  methods: grpc.UntypedServiceImplementation,
  onEnd: () => Promise<void> | void,
): void {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": largestMessage,
    "grpc.max_send_message_length": largestMessage,
  });
  server.addService(service as grpc.ServiceDefinition, methods);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      console.error(`cannot listen on 127.0.0.1: ${error.message}`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
  });

  const end = () => {
    void Promise.resolve(onEnd()).finally(() => process.exit(0));
  };
  // The engine asks a plugin to go by SIGINT. Ctrl-C does not come here: plugins have their own process group.
  process.on("SIGINT", end).on("SIGTERM", end);
  // The engine holds the other end of stdin: its end means that the engine died without saying so.
  process.stdin.on("end", end).on("error", end).resume();
}
