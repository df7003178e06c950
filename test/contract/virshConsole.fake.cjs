#!/usr/bin/env node
// A virsh with one domain, as far as an installation sees it. Its state is a directory: `power`,
// `description`, `calls`, `console.pid`; `mode` selects what the console does.
"use strict";
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const directory = process.env.FAKE_VIRSH;
const file = (name) => path.join(directory, name);
const get = (name) => (fs.existsSync(file(name)) ? fs.readFileSync(file(name), "utf8") : "");
const put = (name, value) => fs.writeFileSync(file(name), value);
const fail = (message) => {
  console.error(`error: ${message}`);
  process.exit(1);
};

const args = process.argv.slice(2).filter((arg) => arg !== "-q");
const [command, ...rest] = args.slice(args.indexOf("-c") + 2);
const domain = rest[rest.indexOf("--domain") + 1];
const isThere = () => get("power") !== "shut off";
fs.appendFileSync(file("calls"), `${[command, ...rest].join(" ")}\n`);
if (rest.includes("--domain") && !["gw test", "gw-test"].includes(domain))
  fail(`failed to get domain '${domain}'`);

switch (command) {
  case undefined:
    shell();
    break;
  case "desc":
    console.log(isThere() ? get("description") : fail("failed to get domain 'gw-test'"));
    break;
  case "domstate":
    console.log(isThere() ? `${get("power")}\n` : fail("failed to get domain 'gw-test'"));
    break;
  case "ttyconsole":
    // The real one needs a moment after the domain is there.
    if (fs.existsSync(file("asked"))) console.log("/dev/pts/9");
    put("asked", "");
    break;
  case "resume":
    put("power", "running");
    break;
  case "destroy":
    put("power", "shut off");
    break;
  case "vol-info":
    if (get("volumes").includes(rest.at(-1))) console.log("Capacity: 1");
    else fail(`failed to get vol '${rest.at(-1)}'`);
    break;
  case "vol-upload":
    put("disk", read(rest[rest.indexOf("--file") + 1]));
    break;
  case "vol-delete":
    break;
  case "console":
    openConsole();
    break;
  default:
    fail(`unknown command: '${command}'`);
}

// Commands on standard input; what was made with --autodestroy ends with the connection.
function shell() {
  put("holder.pid", String(process.pid));
  let typed = "";
  process.stdin.on("data", (text) => {
    typed += text;
    const xml = /^create --paused --autodestroy '?(.*?)'?\n/.exec(typed)?.[1];
    if (xml === undefined) return;
    typed = "";
    if (get("complaint") !== "") {
      console.error(`error: ${get("complaint")}`);
      return;
    }
    put("definition", fs.readFileSync(xml));
    put("power", "paused");
  });
  process.stdin.on("end", () => {
    put("power", "shut off");
    process.exit(0);
  });
}

function openConsole() {
  if (!process.stdin.isTTY) fail("Cannot run interactive console without a controlling TTY");
  if (!rest.includes("--force"))
    fail("operation failed: Active console session exists for this domain");
  if (get("power") === "shut off") fail("The domain is not running");
  put("console.pid", String(process.pid));
  console.log(`Connected to domain '${domain}'\nEscape character is ^] (Ctrl + ])`);
  // The real one opens the console only after it announced it.
  if (get("mode") === "refuse") fail(get("complaint"));
  terminal("raw", "-echo");
  // Like virsh's own handlers: only losing the terminal ends the console.
  for (const signal of ["SIGHUP", "SIGTERM", "SIGINT"]) process.on(signal, () => undefined);
  const guest = get("mode") === "bytes" ? bytes : installer;
  let line = "";
  process.stdin.on("end", () => process.exit(0));
  process.stdin.on("error", () => process.exit(0));
  process.stdin.on("data", (typed) => {
    for (const char of typed.toString("latin1")) {
      if (char === "\x1d") leave();
      if (guest === bytes)
        put("typed", Buffer.concat([read("typed"), Buffer.from(char, "latin1")]));
      else if (char === "\r") {
        process.stdout.write("\r\n");
        guest(line);
        line = "";
      } else {
        process.stdout.write(char);
        line += char;
      }
    }
  });
  const started = setInterval(() => {
    if (get("power") === "shut off") leave();
    if (get("power") !== "running" || fs.existsSync(file("silent"))) return;
    clearInterval(started);
    setInterval(() => get("power") === "shut off" && leave(), 20);
    guest(undefined);
  }, 20);
}

// What virsh does by cfmakeraw(3); setRawMode would leave the translation of line ends on.
function terminal(...modes) {
  execFileSync("stty", modes, { stdio: "inherit" });
}

function read(name) {
  const path = name.startsWith("/") ? name : file(name);
  return fs.existsSync(path) ? fs.readFileSync(path) : Buffer.alloc(0);
}

function leave() {
  terminal("sane");
  process.exit(0);
}

function bytes(line) {
  if (line === undefined)
    process.stdout.write(Buffer.from(Array.from({ length: 256 }, (_, i) => i)));
}

function installer(line) {
  const mark = /; echo ([\w-]+)=\$\?$/.exec(line ?? "")?.[1];
  if (line === undefined || line === "")
    process.stdout.write("(I)nstall, (U)pgrade, (A)utoinstall or (S)hell? ");
  else if (mark) process.stdout.write(`${mark}=0\r\n# `);
  else if (line === "/autoinstall") {
    process.stdout.write(
      "gateway-host-key: ssh-ed25519 AAAAkey\r\nCONGRATULATIONS! Your OpenBSD install has been successfully completed!\r\n",
      () => put("power", "shut off"),
    );
  } else process.stdout.write("# ");
}
