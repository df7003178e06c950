import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTranscript } from "../../operate/console/transcript";

const NOW = (): Date => new Date("2026-01-02T03:04:05Z");
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "transcript-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test("keeps every byte as it came, between notes with the time", () => {
  const file = join(directory, "new", "console.log");
  const transcript = openTranscript(file, NOW);
  transcript.note("installation of gw");
  transcript.write("\x1b[2J\xff\0text\r\n");
  transcript.close();
  expect(readFileSync(file)).toEqual(
    Buffer.from(
      "\n=== 2026-01-02T03:04:05.000Z installation of gw\n\x1b[2J\xff\0text\r\n",
      "latin1",
    ),
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory, "new")).mode & 0o777).toBe(0o700);
});

test("goes on behind what is there, and takes the file from everybody else", () => {
  const file = join(directory, "console.log");
  writeFileSync(file, "earlier\n");
  chmodSync(file, 0o644);
  const transcript = openTranscript(file, NOW);
  transcript.write("later\n");
  transcript.close();
  expect(readFileSync(file, "utf8")).toBe("earlier\nlater\n");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a symbolic link in its place is refused", () => {
  writeFileSync(join(directory, "precious"), "");
  symlinkSync(join(directory, "precious"), join(directory, "console.log"));
  expect(() => openTranscript(join(directory, "console.log"), NOW)).toThrow(
    /console\.log: .*--transcript/,
  );
});

test("a place that cannot be written names the file and what to do", () => {
  writeFileSync(join(directory, "file"), "");
  expect(() => openTranscript(join(directory, "file", "console.log"), NOW)).toThrow(
    /file\/console\.log: .*: name another file with --transcript/,
  );
});
