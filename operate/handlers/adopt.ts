import type { Adopted, KeptDisk } from "../../contract/adopt";
import { json } from "../json";
import { readFile } from "node:fs/promises";
import { EXIT } from "../../contract/exit";
import { implement } from "../commandLine/implement";
import { command } from "../commands/adopt";
import { adopt } from "../promotion/copy/adopt";
import { kept } from "../promotion/copy/kept";
import { parseRequest } from "../promotion/copy/request";

export const run = implement(command, async ({ values: origin, json: asJson }, io) => {
  const request =
    origin === "-"
      ? parseRequest(await io.stdin(), "standard input")
      : parseRequest(await readFile(origin, "utf8"), origin);
  const adopted = "from" in request ? await adopt(request, io) : await kept(request, io.signal);
  io.out(asJson ? json<Adopted | KeptDisk>(adopted) : `${adopted.hostKey}\n`);
  return EXIT.ok;
});
