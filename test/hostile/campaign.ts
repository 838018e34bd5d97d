import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job, Report } from "./child.js";
import { keepInput } from "./keep.js";
import { type Reader, secondsOf } from "./reader.js";

export interface Failure {
  readonly at: number;
  readonly what: string;
}

export interface Result {
  readonly reader: string;
  readonly inputs: number;
  readonly failures: readonly Failure[];
  /** The largest additional memory of an input, in MiB. */
  readonly megabytes: number;
  /** The longest processor time of an input. */
  readonly seconds: number;
}

export interface CampaignOptions {
  readonly readers: readonly Reader[];
  readonly seed: string;
  /** Inputs for each reader; default: the number for the short run. */
  readonly inputs?: number | undefined;
  /** Number of the only input to read. */
  readonly only?: number | undefined;
  /** A folder with an input to read instead of generating inputs. */
  readonly repeat?: string | undefined;
  /** Folder for the inputs that fail. */
  readonly keep?: string | undefined;
}

const SHORT = 12;
/** An input hangs after this many times the row's limit of processor time, which leaves room for a busy machine. */
const PATIENCE = 12;
/** Seconds in which a valid input must be created. */
const SAMPLE = 180;

/** Gives every reader its inputs, and yields a result for each reader. */
export async function* campaign(options: CampaignOptions): AsyncGenerator<Result> {
  using host = createHost();
  for (const row of options.readers) {
    const { seed, only, repeat, keep, inputs = row.inputs ?? SHORT } = options;
    const [from, to] = repeat !== undefined ? [0, 0] : only !== undefined ? [only, only] : [0, inputs - 1];
    yield await host.read({ reader: row.name, seed, from, to, repeat, keep }, PATIENCE * secondsOf(row));
  }
}

/** Keeps a child process, and replaces it when it crashes or hangs. */
function createHost() {
  const root = mkdtempSync(join(tmpdir(), "mmel-hostile-"));
  let child: ChildProcess | undefined;
  let said = "";

  function start(): ChildProcess {
    said = "";
    const script = new URL("child.ts", import.meta.url);
    const started = fork(script, [root], {
      execArgv: ["--import", import.meta.resolve("tsx"), "--max-old-space-size=1500"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    started.stderr!.on("data", (chunk) => {
      said = (said + String(chunk)).slice(-4000);
    });
    return started;
  }

  /** Sends a job and yields its reports; the last one is the reason if the child ended. */
  async function* reports(job: Job, hangs: number): AsyncGenerator<Report | string> {
    child ??= start();
    const running = child;
    const queue: (Report | string)[] = [];
    let wake = (): void => {};
    let timer: NodeJS.Timeout | undefined;
    const put = (report: Report | string): void => {
      queue.push(report);
      wake();
    };
    const watch = (seconds: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        put(`hangs for ${seconds} s`);
        running.kill("SIGKILL");
      }, 1000 * seconds);
    };
    running.removeAllListeners("message").removeAllListeners("close");
    running.on("message", (report: Report) => {
      watch(hangs);
      put(report);
    });
    running.on("close", (code, signal) =>
      put(`ends the process (${signal ?? code}): ${said.trim().slice(0, 2000)}`),
    );
    watch(SAMPLE);
    running.send(job);
    try {
      for (;;) {
        const report = queue.shift();
        if (report === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else {
          yield report;
          if (typeof report === "string" || report.kind === "done") return;
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async read(job: Job, hangs: number): Promise<Result> {
      const failures: Failure[] = [];
      let [megabytes, seconds] = [0, 0];
      let at = job.from;
      let sampled = false;
      const fail = (what: string): void => {
        failures.push({ at, what });
      };
      for (let from = job.from; from <= job.to; from = at + 1) {
        for await (const report of reports({ ...job, from }, hangs)) {
          if (typeof report === "string") {
            fail(report);
            keepInput(join(root, "a", "b", "c", "input"), job, at, report);
            if (child?.exitCode === null && child.signalCode === null) await once(child, "close");
            child = undefined;
            if (!sampled) at = job.to; // there is nothing to read
          } else if (report.kind === "sampled") sampled = true;
          else if (report.kind === "begin") at = report.at;
          else if (report.kind === "end") {
            megabytes = Math.max(megabytes, report.megabytes);
            seconds = Math.max(seconds, report.seconds);
            if (report.failure !== undefined) fail(report.failure);
          }
        }
      }
      return { reader: job.reader, inputs: job.to - job.from + 1, failures, megabytes, seconds };
    },
    [Symbol.dispose]() {
      child?.kill("SIGKILL");
      rmSync(root, { recursive: true, force: true });
    },
  };
}
