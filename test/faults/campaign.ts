import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { createRandom, type Random } from "../../src/core/index.js";
import { type Ended, mmel, type Running, spawnMmel, start } from "../cli/harness.js";
import { type Disks, findDisks } from "../support/disks.js";
import { type Cluster, postgresMissing, startCluster } from "../support/postgres.js";
import { silentProxy } from "../support/silent-proxy.js";
import { type FaultCommand, type Place, shapeOf } from "./command.js";

export const FAULTS = ["kill", "full disk", "read-only disk", "silent server"] as const;
export type Fault = (typeof FAULTS)[number];

/** What the faults need. */
export interface Workshop extends AsyncDisposable {
  readonly disks: Disks | undefined;
  readonly cluster: Cluster | undefined;
  readonly folder: string;
  /** Undisturbed runs of the commands so far. */
  readonly benches: Map<FaultCommand, Promise<Bench>>;
}

export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), "mmel-faults-"));
  const cluster = await startCluster();
  return {
    disks: findDisks(),
    cluster,
    folder,
    benches: new Map(),
    async [Symbol.asyncDispose]() {
      await cluster?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Why a command cannot be put under a fault here; undefined if it can. */
export function missing(command: FaultCommand, fault: Fault, disks: Disks | undefined): string | undefined {
  if (command.server && postgresMissing !== undefined) return postgresMissing;
  if (fault.endsWith("disk") && disks === undefined) return "requires permission to mount";
  return undefined;
}

/** Whether a fault applies to a command. */
export const applies = (command: FaultCommand, fault: Fault): boolean =>
  fault === "kill" || (fault === "silent server") === (command.server === true);

export interface FaultReport {
  readonly rounds: number;
  /** Number of rounds in which the fault ended a command. */
  readonly hit: number;
  readonly failures: readonly string[];
}

/** Puts a command under a fault at `rounds` moments, and checks the law after each. */
export async function trial(
  workshop: Workshop,
  command: FaultCommand,
  fault: Fault,
  { rounds, seed }: { readonly rounds: number; readonly seed: string },
): Promise<FaultReport> {
  const random = createRandom(`${seed}/${command.name}/${fault}`);
  const bench = await benchOf(workshop, command);
  const failures: string[] = [];
  let hit = 0;
  for (let round = 0; round < rounds; round++) {
    await using room = await openRoom(workshop, command, bench.whole.given, fault, bench.bytes);
    try {
      const ended = await STRIKES[fault](room, command, bench, random);
      if (ended.code !== 0) hit += 1;
      if (fault !== "kill") assertSaid(ended);
      await judge(command, room.place, bench.whole);
    } catch (error) {
      failures.push(`round ${round}: ${(error as Error).message}`);
    }
  }
  return { rounds, hit, failures };
}

/** An undisturbed run: its place, and the milliseconds that each command took. */
interface Bench {
  readonly whole: Place;
  readonly milliseconds: readonly number[];
  /** Size of the output. */
  readonly bytes: number;
}

/** Runs each command once. */
function benchOf(workshop: Workshop, command: FaultCommand): Promise<Bench> {
  const bench = workshop.benches.get(command) ?? createBench(workshop, command);
  workshop.benches.set(command, bench);
  return bench;
}

async function createBench({ folder, cluster }: Workshop, command: FaultCommand): Promise<Bench> {
  const root = await mkdtemp(join(folder, "bench-"));
  const whole: Place = {
    given: join(root, "given"),
    out: join(root, "out"),
    url: command.server ? await cluster!.createDatabase() : "",
  };
  await mkdir(whole.given);
  await mkdir(whole.out);
  await command.prepare(whole.given);
  await command.before?.(whole);
  const milliseconds: number[] = [];
  for (const args of command.run(whole)) {
    const started = performance.now();
    const { code, stderr } = await spawnMmel(args);
    if (code !== 0) throw new Error(`${command.name} fails without a fault: ${stderr}`);
    milliseconds.push(performance.now() - started);
  }
  return { whole, milliseconds, bytes: await sizeOf(whole.out) };
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}

/** A place for one round, on a disk of its own if the fault needs one. */
interface Room extends AsyncDisposable {
  readonly place: Place;
  readonly disk: string;
  readonly disks: Disks | undefined;
}

async function openRoom(
  { folder, disks, cluster }: Workshop,
  command: FaultCommand,
  given: string,
  fault: Fault,
  bytes: number,
): Promise<Room> {
  const disk = await mkdtemp(join(folder, "disk-"));
  const isMounted = fault.endsWith("disk");
  if (isMounted) disks!.mount(disk, `${(4 * bytes + (64 << 20)) >> 20}m`);
  const place = { given, out: join(disk, "out"), url: command.server ? await cluster!.createDatabase() : "" };
  await mkdir(place.out);
  await command.before?.(place);
  return {
    place,
    disk,
    disks,
    async [Symbol.asyncDispose]() {
      if (isMounted) disks!.unmount(disk);
      await rm(disk, { recursive: true, force: true });
    },
  };
}

type Strike = (room: Room, command: FaultCommand, bench: Bench, random: Random) => Promise<Ended>;

/** Runs the commands until one fails. */
async function runAll(steps: readonly (readonly string[])[]): Promise<Ended> {
  let ended: Ended | undefined;
  for (const args of steps) {
    ended = await spawnMmel(args);
    if (ended.code !== 0) break;
  }
  return ended!;
}

/** Runs the commands and acts at a moment at random in one of them. */
async function runUntil(
  steps: readonly (readonly string[])[],
  { milliseconds }: Bench,
  random: Random,
  act: (running: Running) => unknown,
): Promise<Ended> {
  let moment = random.next() * milliseconds.reduce((sum, one) => sum + one, 0);
  for (const [at, args] of steps.entries()) {
    const takes = milliseconds[at]!;
    if (moment >= takes) {
      moment -= takes;
      await spawnMmel(args);
      continue;
    }
    const running = start(args);
    await Promise.race([sleep(moment), running.ended]);
    await act(running);
    return await running.ended;
  }
  throw new Error("no moment");
}

const STRIKES: Readonly<Record<Fault, Strike>> = {
  kill: ({ place }, command, bench, random) =>
    runUntil(command.run(place), bench, random, ({ child }) => child.kill("SIGKILL")),
  async "full disk"({ place, disk }, command, { bytes }, random) {
    const { bavail, bsize } = await statfs(disk);
    const left = Math.floor(random.next() * 1.2 * bytes);
    const filler = join(disk, "filler");
    await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)));
    const ended = await runAll(command.run(place));
    await rm(filler);
    return ended;
  },
  async "read-only disk"({ place, disk, disks }, command) {
    disks!.remount(disk, "ro");
    const ended = await runAll(command.run(place));
    disks!.remount(disk, "rw");
    if (ended.code === 0) throw new Error("it writes to a read-only disk");
    return ended;
  },
  async "silent server"({ place }, command, bench, random) {
    await using proxy = await silentProxy(place.url);
    const steps = command.run({ ...place, url: proxy.url });
    return await runUntil(steps, bench, random, (running) => {
      proxy.silence();
      return interrupt(running);
    });
  },
};

/** Interrupts a command that waits for a server, as Ctrl-C does. Throws an error if it keeps waiting. */
async function interrupt({ child, ended }: Running): Promise<void> {
  await sleep(500);
  child.kill("SIGINT");
  const late = new AbortController();
  const isLate = await Promise.race([
    ended.then(() => false),
    sleep(PATIENCE_MS, true, { signal: late.signal }),
  ]);
  late.abort();
  if (!isLate) return;
  child.kill("SIGKILL");
  throw new Error(`still waits for the silent server ${PATIENCE_MS / 1000} s after Ctrl-C`);
}

/** A command ends three seconds after Ctrl-C; a busy machine may need longer. */
const PATIENCE_MS = 45_000;

/** Throws an error unless a failed command said why in one line, with a code of its own. */
function assertSaid({ code, signal, stderr }: Ended): void {
  if (code === 0) return;
  const errors = stderr.split("\n").filter((line) => /^mmel: [A-Z_]+: /.test(line));
  const isSaid = code !== null && errors.length === 1 && !errors[0]!.startsWith("mmel: INTERNAL");
  if (!isSaid) throw new Error(`ends with ${signal ?? code} and says: ${stderr.slice(0, 1000)}`);
}

/** The law: nothing incomplete counts as complete, and the next run ends as if nothing had happened. */
async function judge(command: FaultCommand, place: Place, whole: Place): Promise<void> {
  await command.check(place, whole);
  for (const args of (command.again ?? command.run)(place)) {
    const { code, stderr } = await mmel(args);
    if (code !== 0) throw new Error(`the next run fails: ${stderr.slice(0, 1000)}`);
  }
  const [found, expected] = [await command.result(place), await command.result(whole)];
  if (!isDeepStrictEqual(found, expected))
    throw new Error(`the next run ends with ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
  const [files, usual] = [await shapeOf(place.out), await shapeOf(whole.out)];
  const left = files.filter((name) => !usual.includes(name) && !command.own?.test(name));
  if (left.length > 0 || !existsSync(place.out)) throw new Error(`the next run leaves ${left.join(", ")}`);
}
