import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll } from "vitest";
import type * as commandLine from "../../src/cli/command-line.js";
import type * as commands from "../../src/cli/commands/index.js";
import type { Context } from "../../src/cli/context.js";
import type * as program from "../../src/cli/program.js";
import type { PageData, ShownCaption } from "../../src/formats/html/page-data.js";
import type { WireCaption, WireEntity, WireLinks } from "../../src/formats/index.js";

/** The built command; `MMEL_CLI` names another build. */
const CLI = resolve(process.env.MMEL_CLI ?? "dist/cli/main.js");

export const DEMO_ENTITIES = resolve("demo/entities.jsonl");
export const DEMO_CAPTIONS = resolve("demo/captions.jsonl");

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Ended extends Outcome {
  readonly signal: NodeJS.Signals | null;
  /** Peak resident memory in MiB; undefined if the process was killed. */
  readonly peak: number | undefined;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

const REPORT_PEAK = `data:text/javascript,process.on("exit",()=>process.stderr.write("PEAK "+process.resourceUsage().maxRSS))`;

export function start(args: readonly string[], input = "", env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, ["--import", REPORT_PEAK, CLI, ...args], {
    stdio: "pipe",
    env: { ...process.env, ...env },
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk) => out.push(chunk));
  child.stderr.on("data", (chunk) => err.push(chunk));
  child.stdin.on("error", () => {}); // the command may exit without reading it
  child.stdin.end(input);
  const ended = once(child, "close").then(([code, signal]): Ended => {
    const [stderr = "", peak] = Buffer.concat(err).toString().split("PEAK ");
    const stdout = Buffer.concat(out).toString();
    return { code, signal, stdout, stderr, peak: peak === undefined ? undefined : Number(peak) / 1024 };
  });
  return { child, ended };
}

/** The URL that a service prints. */
export async function addressOf({ child, ended }: Running): Promise<string> {
  for await (const line of createInterface(child.stdout!)) {
    const url = /^(http:\S+) serves \S+@\S+ with \S+@\S+$/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error((await ended).stderr);
}

/** Runs the command in a process of its own. */
export const spawnMmel = (args: readonly string[], input?: string): Promise<Ended> =>
  start(args, input).ended;

/**
 * Runs the built command in this process, which saves the start of a process. Use `start` or `spawnMmel` for what belongs
 * to a process (signals, memory, environment), for `recommend`, which starts the command again, and for a dump of Wikidata
 * from standard input.
 */
export async function mmel(args: readonly string[], input = ""): Promise<Outcome> {
  const { runCommandLine, createProgram, installs } = await loadCommand();
  const [stdout, stderr] = [createSink(), createSink()];
  let code = 0;
  const context = {
    stdin: Readable.from(input === "" ? [] : [Buffer.from(input)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: new AbortController().signal,
    setExitCode: (given: number) => {
      code = given;
    },
  } as unknown as Context;
  await runCommandLine((given) => createProgram(given, installs), args, context);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

const builtModule = <Module>(path: string): Promise<Module> => import(new URL(path, pathToFileURL(CLI)).href);

const loadCommand = async () => ({
  ...(await builtModule<typeof commandLine>("command-line.js")),
  ...(await builtModule<typeof program>("program.js")),
  ...(await builtModule<typeof commands>("commands/index.js")),
});

function createSink() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

/** A new temporary folder, which is deleted after the tests of the file. */
export function scratch(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "mmel-cli-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

export async function importDemo(kb: string): Promise<void> {
  const { code, stderr } = await mmel(["kb", "import", DEMO_ENTITIES, "--kb", kb, "--name", "demo"]);
  if (code !== 0) throw new Error(stderr);
}

export async function records<T>(path: string): Promise<T[]> {
  return lines(await readFile(path, "utf8")).map((line) => JSON.parse(line) as T);
}

export const demoEntities = (): Promise<WireEntity[]> => records(DEMO_ENTITIES);
export const demoCaptions = (): Promise<WireCaption[]> => records(DEMO_CAPTIONS);
export const demoPictured = (): Promise<WireCaption[]> => records(resolve("demo/pictured.jsonl"));
export const links = (text: string): WireLinks[] => lines(text).map((line) => JSON.parse(line) as WireLinks);

export const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** Writes one record per line; strings are written unchanged. */
export async function writeRecords(path: string, all: readonly unknown[]): Promise<string> {
  const text = all.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
  await writeFile(path, `${text.join("\n")}\n`);
  return path;
}

/** A caption whose mentions are these texts. */
export function captionOf(id: string, ...mentions: string[]): WireCaption {
  const spans = mentions.map((text, at) => {
    const start = mentions.slice(0, at).reduce((sum, before) => sum + before.length + 1, 0);
    return { text, start, end: start + text.length };
  });
  return { id, text: mentions.join(" "), mentions: spans };
}

/** Waits until a file has at least `bytes` bytes or the process ends. */
export async function untilSize(path: string, bytes: number, { child }: Running): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const size = await stat(path).then(
      (found) => found.size,
      () => -1,
    );
    if (size >= bytes) return;
    await sleep(2);
  }
}

/** The captions that an HTML page contains as data. */
export const pageData = (page: string): ShownCaption[] =>
  [...page.matchAll(/<script type="application\/json" class="captions"[^>]*>(.*)<\/script>/g)].flatMap(
    ([, json]) => (JSON.parse(json!) as PageData).captions,
  );

/** What an HTML page would request, and scripts that it would run, apart from its own script. */
export const requestsIn = (page: string): string[] =>
  page
    .replace(/<script>\(function.*?<\/script>/s, "")
    .match(
      /<script(?! type="application\/json")|<(?!a )[^>]* href=|src="(?!data:image\/webp;base64,[\w+/=]+")/g,
    ) ?? [];
