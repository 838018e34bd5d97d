import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { ERROR_CODES, type ErrorCode, MmelError, throwIfAborted } from "../core/index.js";
import { linksSchema, parseWire, type WireLinks } from "../formats/index.js";

/** How a model links a sample of captions. */
export interface ModelRun {
  readonly model: string;
  /** The links by caption. Captions that the command rejected are missing. */
  readonly links: ReadonlyMap<string, WireLinks>;
  /** Seconds from the start of the process to the first link. */
  readonly firstLink: number;
  /** Mentions per second after the first batch. Null if all captions fit into it. */
  readonly mentionsPerSecond: number | null;
  /** Peak resident memory of the process, in MiB. */
  readonly peakMemory: number;
}

/** Number of mentions at which the linker closes a batch. */
const BATCH = 32;
const PEAK = "mmel-peak ";
/** Makes a process print its peak memory, in KiB, when it ends. */
const REPORT_PEAK = `data:text/javascript,import{writeSync}from"node:fs";process.on("exit",()=>writeSync(2,"\\n${PEAK}"+process.resourceUsage().maxRSS))`;

/**
 * Runs `mmel link` with a model in a process of its own, so that its memory and start can be measured. `args` are the
 * other arguments of the command. Throws `ABORTED` if the signal fires, and the error of a process that links nothing.
 */
export async function measureModel(
  model: string,
  args: readonly string[],
  signal: AbortSignal,
  onCaption: () => void,
): Promise<ModelRun> {
  throwIfAborted(signal);
  const started = performance.now();
  const command = [...process.execArgv, "--import", REPORT_PEAK, process.argv[1]!, "link", ...args];
  const child = spawn(process.execPath, [...command, "--model", model], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  try {
    const closed = once(child, "close");
    const errors = text(child.stderr);
    const links = new Map<string, WireLinks>();
    let [first, last, early, late] = [0, 0, 0, 0];
    for await (const line of createInterface(child.stdout)) {
      last = performance.now();
      if (links.size === 0) first = last;
      const found = parseWire(linksSchema, JSON.parse(line), "INTERNAL");
      if (early < BATCH) early += found.mentions.length;
      else late += found.mentions.length;
      links.set(found.id, found);
      onCaption();
    }
    await closed;
    throwIfAborted(signal);
    const [remarks = "", peak] = (await errors).split(PEAK);
    if (links.size === 0) throw failureOf(model, remarks);
    return {
      model,
      links,
      firstLink: (first - started) / 1000,
      mentionsPerSecond: late === 0 ? null : late / Math.max(1e-3, (last - first) / 1000),
      peakMemory: Number(peak) / 1024,
    };
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** Returns the first error that a process printed. */
function failureOf(model: string, remarks: string): MmelError {
  const [, code, message] = /^mmel: ([A-Z_]+): (.*)$/m.exec(remarks) ?? [];
  const known = ERROR_CODES.find((each): each is ErrorCode => each === code);
  return known !== undefined && message !== undefined
    ? new MmelError(known, { what: message })
    : new MmelError("INTERNAL", {
        what: `the process that links with ${model} failed (${remarks.trim().split("\n").at(-1)})`,
      });
}
