// Starting a command with variables the server may refuse, which ssh2's own exec cannot tell.
import type { Client, ClientChannel } from "ssh2";

/** The parts of ssh2 1.17.0 that its exec uses itself. package.json pins that version; a contract test runs this. */
interface Internals {
  _chanMgr: { add(opened: (error: Error | undefined, channel: Channel) => void): number };
  _protocol: {
    session(channel: number, window: number, packet: number): void;
    env(channel: number, name: string, value: string, wantReply: boolean): void;
    exec(channel: number, command: string, wantReply: boolean): void;
  };
}

type Channel = ClientChannel & {
  outgoing: { id: number };
  /** Called in the order of the requests: true or an error for a refused one. */
  _callbacks: ((refused: Error | boolean) => void)[];
  subtype?: "exec";
};

const windowBytes = 2 * 1024 * 1024;
const packetBytes = 32 * 1024;

/**
 * Starts the command.
 *
 * @param required variables whose refusal is an error
 * @param wished variables whose refusal is told through `refused`
 * @param listen called before the command is started: a quick one is over in the same packet that
 *   says it was accepted
 * @throws before the command is started, if a required variable is refused
 */
export async function startCommand(
  client: Client,
  command: string,
  required: Readonly<Record<string, string>>,
  wished: Readonly<Record<string, string>>,
  refused: (name: string) => void,
  listen: (channel: ClientChannel) => void,
): Promise<ClientChannel> {
  const { _chanMgr: channels, _protocol: protocol } = client as unknown as Internals;
  const channel = await new Promise<Channel>((resolve, reject) => {
    const id = channels.add((error, opened) => {
      if (error) reject(error);
      else resolve(opened);
    });
    protocol.session(id, windowBytes, packetBytes);
  });
  const accepted = (send: () => void) =>
    new Promise<boolean>((resolve) => {
      channel._callbacks.push((problem) => {
        resolve(problem === false);
      });
      send();
    });
  const setenv = ([name, value]: [string, string]) =>
    accepted(() => {
      protocol.env(channel.outgoing.id, name, value, true);
    });

  for (const variable of Object.entries(required)) {
    if (await setenv(variable)) continue;
    channel.close();
    throw new Error(
      `environment.${variable[0]}: the server refused to set it (AcceptEnv in its sshd_config): ` +
        "set it in the command's text or give it by stdin",
    );
  }
  for (const variable of Object.entries(wished)) {
    if (!(await setenv(variable))) refused(variable[0]);
  }
  // ssh2 tells the exit status of a channel by its subtype.
  channel.subtype = "exec";
  listen(channel);
  const started = await accepted(() => {
    protocol.exec(channel.outgoing.id, command, true);
  });
  if (!started) throw new Error("the server refused to run a command");
  return channel;
}
