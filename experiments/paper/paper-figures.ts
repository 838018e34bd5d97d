import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseWire } from "../../src/formats/index.js";

/** Top-1, Top-5, Top-10 and Top-20 in percent. */
const tops = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const table = z.record(z.string(), z.object({ "Wiki-MEL": tops, "NYTimes-MEL": tops }));
const split = z.tuple([z.number(), z.number()]);
const schema = z.object({
  source: z.string(),
  measures: z.array(z.string()),
  table1: z.record(
    z.string(),
    z.object({
      samples: z.number(),
      mentions: z.number(),
      textLength: z.number(),
      mentionsPerSample: z.number(),
      train: split,
      dev: split,
      test: split,
    }),
  ),
  table2: table,
  table3: table,
  figure4: z.object({
    note: z.string(),
    leadOverGHMFC: z.object({ single: z.number(), multi: z.number() }),
    lossWithoutPTandCR: z.object({ top1: z.number(), top5: z.number(), top20: z.number() }),
  }),
  runtime: z.object({
    device: z.string(),
    mentions: z.number(),
    candidates: z.number(),
    seconds: z.record(z.string(), z.number()),
    training: z.record(z.string(), z.object({ epochs: z.number(), secondsPerEpoch: z.number() })),
  }),
});

/** The figures of the paper, with their source. Rows have the names of `rows.ts`. */
export const PAPER = parseWire(
  schema,
  JSON.parse(readFileSync(join(import.meta.dirname, "paper-figures.json"), "utf8")),
  "FORMAT",
);
