import type { Entity } from "../../../core/index.js";
import { type Read, readEntities } from "../../../formats/index.js";
import { type Context, note } from "../../context.js";

/** What `--format` of an import takes. */
export const FORMATS = ["auto", "jsonl", "csv", "wikimel", "richpedia", "wikidata"] as const;
export type Format = (typeof FORMATS)[number];

/** The entities of an import's files. */
export interface Reading {
  readonly reads: AsyncIterable<Read<Entity>>;
  /** After a successful import: tidies up, and says what else there is to report. */
  finish(): Promise<{ readonly figures: Readonly<Record<string, unknown>>; readonly text: string }>;
}

/** The entities of files of one form, one file after the other. */
export async function* readAll(
  context: Context,
  files: readonly string[],
  format: Exclude<Format, "wikidata">,
): AsyncGenerator<Read<Entity>> {
  for (const file of files) {
    if (format === "wikimel" || format === "richpedia") {
      const { DATASETS } = await import("../../../datasets/index.js");
      let line = 0;
      for await (const value of DATASETS[format].entities(file))
        yield { kind: "record", line: ++line, value };
    } else {
      yield* readEntities(file, {
        ...(format !== "auto" && { format }),
        signal: context.signal,
        onWarning: (warning) => note(context, warning),
      });
    }
  }
}
