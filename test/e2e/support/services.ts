import { spawnOn } from "../../../lab/verify/namespaces";

const MACHINES = ["lan", "branches-lan"];

/**
 * On the office's hosts and on all behind the branches, by TCP and UDP, services that tell whoever asks the
 * address they see. A refusal would prove nothing, as a gateway that blocks sends one too.
 *
 * @returns ends them
 */
export function serve(ports: readonly number[]): () => void {
  // An answer by UDP comes from the machine's first address, where its socket has none of its own.
  const listen = `
    const served = (address) => "served " + address + "\\n";
    const own = Object.values(require("node:os").networkInterfaces()).flat().filter(({ family }) => family === "IPv4");
    for (const port of ${JSON.stringify(ports)}) {
      require("node:net").createServer((socket) => socket.end(served(socket.remoteAddress))).listen(port, "0.0.0.0");
      for (const { address } of own) {
        const socket = require("node:dgram").createSocket("udp4");
        socket.on("message", (_, asked) => socket.send(served(asked.address), asked.port, asked.address));
        socket.bind(port, address);
      }
    }`;
  const servers = MACHINES.map((machine) =>
    spawnOn(machine, ["node", "-e", listen], { stdio: "ignore" }),
  );
  return () => {
    for (const server of servers) server.kill();
  };
}
