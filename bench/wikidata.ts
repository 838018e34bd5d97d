/**
 * Import of a made-up Wikidata dump beside what it cannot do without: `npx tsx bench/wikidata.ts [ENTITIES] [FOLDER]`
 * (100,000 of some 13 KB; the dump is kept in the folder if one is given) prints one JSON object. Rates are megabytes of
 * unpacked dump a second, by the clock and by the processor (all threads together; says more on a shared machine); each is
 * measured in a process of its own, memory is the peak resident set. `ideal` is the rate at which two processors would
 * unpack and JSON.parse everything. Needs `npm run build`.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGunzip, createGzip } from "node:zlib";
import { dumpLines } from "./wikidata-dump.js";

interface Measured {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
}

const SAMPLE = 256 << 20;
const REPORT = `data:text/javascript,process.on("exit",()=>{const u=process.resourceUsage();process.stderr.write("USAGE "+JSON.stringify([u.maxRSS,u.userCPUTime+u.systemCPUTime]))})`;
const CLI = resolve("dist/cli/main.js");

async function generate(path: string, entities: number): Promise<void> {
  if (existsSync(path)) return;
  await pipeline(Readable.from(dumpLines(entities)), createGzip({ level: 6 }), createWriteStream(path));
}

/** Runs as a child: unpacks the dump, and in the second case parses its lines, keeping nothing. */
const BARE: Readonly<Record<string, (path: string) => Promise<number>>> = {
  async gunzip(path) {
    let bytes = 0;
    for await (const chunk of unpacked(path)) bytes += chunk.length;
    return bytes;
  },
  async parse(path) {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of unpacked(path)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= SAMPLE) break;
    }
    const lines = Buffer.concat(chunks)
      .toString("latin1")
      .split("\n")
      .slice(1, -1)
      .filter((line) => line.length > 2);
    const texts = lines.map((line) => line.replace(/,$/, ""));
    const [start, before] = [performance.now(), process.cpuUsage()];
    for (const text of texts) JSON.parse(text);
    const used = process.cpuUsage(before);
    process.stderr.write(
      `PARSE ${JSON.stringify([performance.now() - start, (used.user + used.system) / 1e3])} `,
    );
    return texts.reduce((sum, text) => sum + text.length, 0);
  },
};

const unpacked = (path: string): AsyncIterable<Buffer> =>
  createReadStream(path, { highWaterMark: 1 << 18 }).pipe(createGunzip({ chunkSize: 1 << 18 }));

/** A process's own account of itself; `stop` gets the running one. */
async function run(
  args: readonly string[],
  stop?: (kill: () => void) => Promise<void>,
): Promise<Measured & { readonly stdout: string; readonly stderr: string }> {
  const start = performance.now();
  const child = spawn(process.execPath, ["--import", REPORT, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const closed = once(child, "close");
  await stop?.(() => child.kill("SIGINT"));
  await closed;
  const [kilobytes = 0, microseconds = 0] = JSON.parse(stderr.split("USAGE ")[1] ?? "[]") as number[];
  return {
    seconds: (performance.now() - start) / 1000,
    processorSeconds: microseconds / 1e6,
    peakMegabytes: Math.round(kilobytes / 1024),
    stdout,
    stderr,
  };
}

async function bare(what: string, path: string) {
  const script = resolve(process.argv[1] ?? "");
  const { stdout, stderr, ...measured } = await run(["--import", "tsx", script, `--bare=${what}`, path]);
  const bytes = Number(stdout);
  const inner = /PARSE (\S+)/.exec(stderr)?.[1];
  if (inner === undefined) return { bytes, ...rates(bytes, measured) };
  const [clock = 0, processor = 0] = JSON.parse(inner) as number[];
  return {
    bytes,
    ...rates(bytes, { ...measured, seconds: clock / 1000, processorSeconds: processor / 1000 }),
  };
}

function rates(bytes: number, { seconds, processorSeconds, peakMegabytes }: Measured) {
  return {
    megabytesASecond: Math.round(bytes / 1e6 / seconds),
    megabytesAProcessorSecond: Math.round(bytes / 1e6 / processorSeconds),
    peakMegabytes,
  };
}

async function imported(path: string, kb: string, filter: readonly string[], bytes: number) {
  const args = [CLI, "kb", "import", path, "--format", "wikidata", ...filter, "--kb", kb, "--json"];
  const { stdout, ...whole } = await run(args);
  const { entities, wikidata } = JSON.parse(stdout);
  return {
    entities,
    readingMegabytesASecond: Math.round(bytes / 1e6 / wikidata.seconds.read),
    seconds: { reading: wikidata.seconds.read, labels: wikidata.seconds.labels, all: round(whole.seconds) },
    all: rates(bytes, whole),
  };
}

/** Stopped by Ctrl-C in the middle of reading, then resumed. */
async function interrupted(path: string, kb: string, bytes: number) {
  const args = [
    CLI,
    "kb",
    "import",
    path,
    "--format",
    "wikidata",
    "--instance-of",
    "Q5",
    "--kb",
    kb,
    "--json",
  ];
  const first = await run(args, async (kill) => {
    while (savedBytes(kb) < bytes / 2) await sleep(5);
    kill();
  });
  const second = await run([...args, "--resume"]);
  return {
    peakMegabytes: [first.peakMegabytes, second.peakMegabytes],
    seconds: [round(first.seconds), round(second.seconds)],
    version: JSON.parse(second.stdout).version,
  };
}

function savedBytes(kb: string): number {
  try {
    return JSON.parse(readFileSync(`${kb}.wikidata/state.json`, "utf8")).bytes;
  } catch {
    return 0;
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

async function bench(entities: number, given: string | undefined): Promise<object> {
  const folder = given ?? mkdtempSync(join(tmpdir(), "mmel-bench-"));
  mkdirSync(folder, { recursive: true });
  try {
    const path = join(folder, `dump-${entities}.json.gz`);
    await generate(path, entities);
    const gunzip = await bare("gunzip", path);
    const parse = await bare("parse", path);
    const kb = (name: string): string => join(folder, `kb-${name}`);
    const people = await imported(path, kb("people"), ["--instance-of", "Q5"], gunzip.bytes);
    const everything = await imported(path, kb("everything"), [], gunzip.bytes);
    const ideal = 2 / (1 / gunzip.megabytesAProcessorSecond + 1 / parse.megabytesAProcessorSecond);
    return {
      entities,
      megabytes: Math.round(gunzip.bytes / 1e6),
      packedMegabytes: Math.round(statSync(path).size / 1e6),
      gunzip,
      parse,
      ideal: Math.round(ideal),
      people,
      everything,
      interrupted: await interrupted(path, kb("interrupted"), gunzip.bytes),
      versionOfPeople: execFileSync(process.execPath, [CLI, "kb", "info", "--kb", kb("people"), "--json"], {
        encoding: "utf8",
      }).slice(0, 120),
    };
  } finally {
    for (const name of ["people", "everything", "interrupted"])
      rmSync(join(folder, `kb-${name}`), { recursive: true, force: true });
    if (given === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

const [first = "100000", second] = process.argv.slice(2);
if (first.startsWith("--bare=")) process.stdout.write(String(await BARE[first.slice(7)]!(second!)));
else console.log(JSON.stringify(await bench(Number(first), second), null, 1));
