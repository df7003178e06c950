#!/usr/bin/env node
// virsh for volumes that are files: as a command, and as a shell that reads commands from standard input.
// FAKE_VIRSH is the folder of the pools; its file `fault` says what goes wrong with the nth upload of
// more than 4 KiB: `cut N` (the connection ends), `full N`, `flip N` (a byte arrives as another one).
const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");

const root = process.env.FAKE_VIRSH;
const [, , quiet, connect, uri, ...words] = process.argv;
if (quiet !== "-q" || connect !== "-c") throw new Error(`called with ${process.argv.join(" ")}`);
const place = path.join(root, uri.replace(/\W+/g, "_"));

class Failed extends Error {}

function options(args) {
  const found = { rest: [] };
  for (let n = 0; n < args.length; n++) {
    const name = args[n].replace(/^--/, "");
    if (name === args[n]) found.rest.push(args[n]);
    else if (["bytes", "sparse", "all", "name", "err"].includes(name)) found[name] = true;
    else found[name] = args[++n];
  }
  return found;
}

function fault() {
  const file = path.join(root, "fault");
  if (!fs.existsSync(file)) return "";
  const [kind, count] = fs.readFileSync(file, "utf8").split(" ");
  if (Number(count) > 1) fs.writeFileSync(file, `${kind} ${Number(count) - 1}`);
  else fs.rmSync(file);
  return Number(count) > 1 ? "" : kind;
}

function volume(pool, name, mustBe = true) {
  const file = path.join(place, pool, name);
  if (mustBe && !fs.existsSync(file)) throw new Failed(`failed to get vol '${name}'`);
  return file;
}

const COMMANDS = {
  "vol-info": ({ pool, rest: [name] }) => `Capacity:       ${fs.statSync(volume(pool, name)).size}`,
  "vol-path": ({ pool, rest: [name] }) => volume(pool, name),
  "vol-key": ({ pool, rest: [name] }) => volume(pool, name),
  "vol-create-as": ({ rest: [pool, name, bytes] }) => {
    fs.mkdirSync(path.join(place, pool), { recursive: true });
    fs.writeFileSync(volume(pool, name, false), "", { flag: "wx" });
    fs.truncateSync(volume(pool, name), Number(bytes));
    return "";
  },
  "vol-delete": ({ pool, rest: [name] }) => {
    fs.rmSync(volume(pool, name));
    return "";
  },
  "vol-download": ({ pool, vol, file, offset = "0", length }) => {
    const from = volume(pool, vol);
    const bytes = Buffer.alloc(Number(length ?? fs.statSync(from).size - Number(offset)));
    const handle = fs.openSync(from, "r");
    const n = fs.readSync(handle, bytes, 0, bytes.length, Number(offset));
    fs.closeSync(handle);
    fs.writeFileSync(file, bytes.subarray(0, n));
    return "";
  },
  "vol-upload": ({ pool, vol, file, offset = "0" }) => {
    const bytes = fs.readFileSync(file);
    const wrong = bytes.length > 4096 ? fault() : "";
    if (wrong === "cut") {
      process.stderr.write("error: internal error: client socket is closed\n");
      process.exit(1);
    }
    if (wrong === "full") throw new Failed("cannot write data to volume: No space left on device");
    if (wrong === "flip") bytes[bytes.length - 1] ^= 1;
    const handle = fs.openSync(volume(pool, vol), "r+");
    fs.writeSync(handle, bytes, 0, bytes.length, Number(offset));
    fs.closeSync(handle);
    return "";
  },
  "pool-dumpxml": ({ rest: [pool] }) => `<pool><path>${path.join(place, pool)}</path></pool>`,
  "pool-info": () => `Available:      ${fs.readFileSync(path.join(root, "free"), "utf8")}`,
  list: () => (fs.existsSync(path.join(place, "machine.xml")) ? "machine" : ""),
  dumpxml: () => fs.readFileSync(path.join(place, "machine.xml"), "utf8"),
};

function perform([command, ...args]) {
  if (command === "echo") {
    process.stderr.write(`${args.at(-1)}\n`);
    return;
  }
  try {
    if (!COMMANDS[command]) throw new Failed(`no such command: ${command}`);
    process.stdout.write(`${COMMANDS[command](options(args))}\n`);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 1;
  }
}

if (words.length > 0) perform(words);
else {
  readline.createInterface({ input: process.stdin }).on("line", (line) => {
    perform(line.match(/'[^']*'|\S+/g).map((word) => word.replace(/^'|'$/g, "")));
  });
}
