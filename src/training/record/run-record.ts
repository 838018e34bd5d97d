import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../../formats/index.js";
import { openEventFile } from "./tensorboard.js";
import { writing } from "./writing.js";

/** One line of `metrics.jsonl`. */
export interface Measurement {
  readonly step: number;
  /** Seconds of training so far. */
  readonly seconds: number;
  readonly values: Readonly<Record<string, number>>;
}

/** Keeps the figures of a training as JSON Lines and as a TensorBoard event file. */
export interface RunRecord extends AsyncDisposable {
  add(measurement: Measurement): Promise<void>;
  /** All of them, in order. */
  readonly measurements: readonly Measurement[];
}

const METRICS = "metrics.jsonl";

/** Goes on with the record in `folder`; what it holds of later steps than `step` is forgotten, since they come again. `FILE_UNWRITABLE`. */
export async function openRunRecord(folder: string, step: number, now = Date.now): Promise<RunRecord> {
  const file = join(folder, METRICS);
  const text = step === 0 ? "" : await readFile(file, "utf8").catch(() => "");
  const measurements = text
    .split("\n")
    .flatMap((line): Measurement[] => {
      try {
        return [JSON.parse(line) as Measurement];
      } catch {
        return []; // the torn last line of a run that was killed
      }
    })
    .filter((one) => one.step <= step);
  await writeAtomically(
    file,
    measurements.map((one) => `${JSON.stringify(one)}\n`),
  );
  const eventFile = join(folder, `events.out.tfevents.${Math.floor(now() / 1000)}.mmel`);
  const events = await writing(eventFile, openEventFile(eventFile, step + 1, now() / 1000));
  return {
    measurements,
    async add(measurement) {
      measurements.push(measurement);
      await writing(file, appendFile(file, `${JSON.stringify(measurement)}\n`));
      await writing(eventFile, events.scalars(measurement.step, measurement.values, now() / 1000));
    },
    [Symbol.asyncDispose]: () => events[Symbol.asyncDispose](),
  };
}
