/**
 * The process in which readers run, so that a crash or a hang ends only this process. It takes jobs from `campaign.ts` and
 * reports the beginning and the end of each input.
 */
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "../../src/core/index.js";
import { keepInput } from "./keep.js";
import { mutate, pick } from "./mutate.js";
import { assertNamed, expected, type Files, type Reader, secondsOf, writeFiles } from "./reader.js";

export interface Job {
  readonly reader: string;
  readonly seed: string;
  /** Numbers of the first and the last input. */
  readonly from: number;
  readonly to: number;
  /** A folder with an input to read instead of generating one. */
  readonly repeat?: string | undefined;
  /** Absolute path of the folder for inputs that fail. */
  readonly keep?: string | undefined;
}

export type Report =
  | { readonly kind: "sampled" }
  | { readonly kind: "begin"; readonly at: number }
  | {
      readonly kind: "end";
      readonly at: number;
      readonly seconds: number;
      readonly megabytes: number;
      readonly failure?: string;
    }
  | { readonly kind: "done" };

const MiB = 1 << 20;
const root = process.argv[2]!;
/** Deep enough for `../../../escape` to stay where `state` finds it. */
const work = join(root, "a", "b", "c");
const [input, output, cwd] = ["input", "output", "cwd"].map((name) => join(work, name)) as [
  string,
  string,
  string,
];
const samples = new Map<string, Promise<Files>>();

const say = (report: Report): void => void process.send!(report);

async function run(job: Job): Promise<void> {
  const reader = await rowOf(job.reader);
  const sample = await sampleOf(reader);
  say({ kind: "sampled" });
  for (let at = job.from; at <= job.to; at++) {
    say({ kind: "begin", at });
    await rm(input, { recursive: true, force: true });
    await rm(output, { recursive: true, force: true });
    await mkdir(output, { recursive: true });
    if (job.repeat === undefined) await writeFiles(input, generate(reader, sample, job.seed, at));
    else cpSync(job.repeat, input, { recursive: true });
    expected.valid = at === 0 && job.repeat === undefined;
    const judged = await judge(reader);
    if (judged.failure !== undefined) keepInput(input, job, at, judged.failure);
    say({ kind: "end", at, ...judged });
  }
  say({ kind: "done" });
}

async function rowOf(name: string): Promise<Reader> {
  const rows = name.startsWith("broken: ")
    ? (await import("./readers/broken.js")).BROKEN_READERS
    : (await import("./readers/index.js")).READERS;
  return rows.find((row) => row.name === name)!;
}

function sampleOf(reader: Reader): Promise<Files> {
  const found = samples.get(reader.name) ?? createSample(reader);
  samples.set(reader.name, found);
  return found;
}

async function createSample({ name, sample }: Reader): Promise<Files> {
  const folder = join(root, "kept", name.replaceAll(/\W+/g, "-"));
  await mkdir(folder, { recursive: true });
  return sample(folder);
}

/** Input 0 is the valid one. */
function generate({ name, targets, special = [] }: Reader, sample: Files, seed: string, at: number): Files {
  if (at === 0) return sample;
  const random = createRandom(`${seed}/${name}/${at}`);
  if (special.length > 0 && random.next() < 1 / 3) return pick(special, random)(sample, random);
  return mutate(sample, targets ?? Object.keys(sample), random);
}

/** Reads the input and checks the law. */
async function judge(reader: Reader) {
  const { read, megabytes: room = 400 } = reader;
  const most = secondsOf(reader);
  const before = state();
  const rss = resetPeak();
  const cpu = process.cpuUsage();
  const problems: string[] = [];
  try {
    await read(input, output);
  } catch (error) {
    problems.push(...problemOf(error));
  }
  await new Promise(setImmediate); // late rejections end the process here
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (user + system) / 1e6;
  const megabytes = Math.max(0, (memory("VmHWM") - rss) / MiB);
  if (seconds > most) problems.push(`took ${seconds.toFixed(1)} s of processor time; at most ${most}`);
  if (megabytes > room) problems.push(`needed ${Math.round(megabytes)} MiB; at most ${room}`);
  const changed = difference(before, state());
  if (changed.length > 0)
    problems.push(`changed files outside its output: ${changed.slice(0, 5).join(", ")}`);
  if (Object.keys(Object.prototype).length > 0 || "polluted" in {}) problems.push("changed Object.prototype");
  return { seconds, megabytes, ...(problems.length > 0 && { failure: problems.join("; ") }) };
}

function problemOf(error: unknown): string[] {
  if (expected.valid) return [`rejects the valid input: ${String(error)}`];
  try {
    assertNamed(error);
    return [];
  } catch (unnamed) {
    return [(unnamed as Error).message];
  }
}

/** All files below the root except those of the output and those that a row keeps. */
function state(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (path === output || path === join(root, "kept")) return [];
    if (entry.isDirectory()) return [path, ...state(path)];
    const { size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
    return [`${path} ${size} ${mtimeMs}`];
  });
}

function difference(before: readonly string[], after: readonly string[]): string[] {
  const old = new Set(before);
  const now = new Set(after);
  return [...after.filter((entry) => !old.has(entry)), ...before.filter((entry) => !now.has(entry))];
}

const canReset = existsSync("/proc/self/clear_refs");

/** This process and the processes that it started, such as those that decode pictures. */
function processes(pid: number | string = process.pid): string[] {
  const children = readIfThere(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean);
  return [String(pid), ...children.flatMap((child) => processes(child))];
}

/** Memory that all processes use now (`VmRSS`), or used at most since `resetPeak` (`VmHWM`), in bytes. */
function memory(field: "VmRSS" | "VmHWM"): number {
  if (!canReset) return process.memoryUsage.rss();
  const sizes = processes().map((pid) =>
    new RegExp(`${field}:\\s*(\\d+)`).exec(readIfThere(`/proc/${pid}/status`)),
  );
  return sizes.reduce((sum, size) => sum + 1024 * Number(size?.[1] ?? 0), 0);
}

/** Forgets the peak of the memory so far, where the system can (Linux). Returns the memory in use, in bytes. */
function resetPeak(): number {
  if (canReset) for (const pid of processes()) writeIfThere(`/proc/${pid}/clear_refs`, "5");
  return memory("VmRSS");
}

/** A process may end at any time. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function writeIfThere(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch {
    // the process has ended
  }
}

await mkdir(cwd, { recursive: true });
for (const [name, folder] of [
  ["TMPDIR", "tmp"],
  ["HOME", "home"],
]) {
  process.env[name!] = join(root, folder!);
  await mkdir(join(root, folder!), { recursive: true });
}
process.chdir(cwd);
process.on("message", (job: Job) => void run(job));
process.on("disconnect", () => process.exit());
