import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { counted, MmelError, percent } from "../../core/index.js";
import { plot } from "../../evaluation/plots.js";
import { html, page } from "../../formats/html/index.js";
import { writeAtomically } from "../../formats/index.js";
import { openEventFile } from "./tensorboard.js";

/** One line of `metrics.jsonl`. */
export interface Measurement {
  readonly step: number;
  /** Seconds of training so far. */
  readonly seconds: number;
  readonly values: Readonly<Record<string, number>>;
}

/** Records the metrics of a training run as JSON Lines and in a TensorBoard event file. */
export interface RunRecord extends AsyncDisposable {
  add(measurement: Measurement): Promise<void>;
  /** All measurements, in order. */
  readonly measurements: readonly Measurement[];
}

const METRICS = "metrics.jsonl";

/**
 * Opens the record in `folder` to continue it after `step`. Drops later measurements, because their steps run again.
 * Throws `FILE_UNWRITABLE` if a file cannot be written.
 */
export async function openRunRecord(folder: string, step: number, now = Date.now): Promise<RunRecord> {
  const file = join(folder, METRICS);
  const text = step === 0 ? "" : await readFile(file, "utf8").catch(() => "");
  const measurements = text
    .split("\n")
    .flatMap((line): Measurement[] => {
      try {
        return [JSON.parse(line) as Measurement];
      } catch {
        return []; // the incomplete last line of a killed run
      }
    })
    .filter((measurement) => measurement.step <= step);
  const saved = <T>(where: string, work: Promise<T>): Promise<T> => withWriteErrors(where, work, folder);
  const lines = measurements.map((measurement) => `${JSON.stringify(measurement)}\n`);
  await saved(file, writeAtomically(file, lines));
  const eventFile = join(folder, `events.out.tfevents.${Math.floor(now() / 1000)}.mmel`);
  const events = await saved(eventFile, openEventFile(eventFile, step + 1, now() / 1000));
  return {
    measurements,
    async add(measurement) {
      measurements.push(measurement);
      await saved(file, appendFile(file, `${JSON.stringify(measurement)}\n`));
      await saved(eventFile, events.scalars(measurement.step, measurement.values, now() / 1000));
    },
    [Symbol.asyncDispose]: () => events[Symbol.asyncDispose](),
  };
}

/**
 * Awaits an operation that writes to `where`. Rethrows file-system errors as `FILE_UNWRITABLE`. If `run` is the folder
 * of a run that can be resumed, the hint says how to resume it.
 */
export async function withWriteErrors<T>(where: string, work: Promise<T>, run?: string): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const hint =
      run === undefined
        ? "Free disk space, or make the folder writable."
        : `Free disk space or make the folder writable, then run \`mmel train --resume ${run}\`.`;
    if (cause instanceof MmelError) {
      const { code, detail } = cause;
      throw code === "FILE_UNWRITABLE" && detail.hint === undefined
        ? new MmelError(code, { ...detail, hint })
        : cause;
    }
    if ((cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new MmelError("FILE_UNWRITABLE", {
      what: `the training run cannot be saved (${(cause as Error).message})`,
      where,
      hint,
      cause,
    });
  }
}

/** Renders the curves of a training run as a self-contained HTML page. */
export async function trainingPage(name: string, measurements: readonly Measurement[]): Promise<string> {
  const curve = async (key: string, label: string) => {
    const rows = measurements.flatMap(({ step, values }) =>
      values[key] === undefined ? [] : [{ step, value: values[key] }],
    );
    return html`<h2>${label}</h2><figure>${await plot((Plot) => ({
      height: 240,
      marginLeft: 70,
      marginBottom: 44,
      x: { label: "step", labelOffset: 40 },
      y: {
        label: null,
        grid: true,
        nice: true,
        zero: key === "learningRate",
        percent: key.startsWith("top"),
      },
      marks: [
        Plot.line(rows, { x: "step", y: "value", stroke: "currentColor" }),
        ...(rows.length < 60
          ? [Plot.dot(rows, { x: "step", y: "value", fill: "currentColor", r: 2.5 })]
          : []),
      ],
    }))}</figure>`;
  };
  const last = measurements.at(-1);
  const top1 = measurements.flatMap(({ values }) => values.top1 ?? []);
  return page({
    title: `Training of ${name}`,
    lead: `${counted(last?.step ?? 0, "step")} in ${((last?.seconds ?? 0) / 60).toFixed(0)} minutes; best Top-1 on the dev sample ${percent(top1.length === 0 ? null : Math.max(...top1))}.`,
    body: html`${await curve("top1", "Top-1 on the dev sample, %")}${await curve("top5", "Top-5 on the dev sample, %")}${await curve("loss", "Loss")}${await curve("gradientNorm", "Gradient norm")}${await curve("learningRate", "Learning rate")}`,
  });
}
