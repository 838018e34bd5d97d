import type { Context } from "../../context.js";
import type { Progress } from "../../progress.js";
import { type CatalogueOptions, refuseCatalogueOptions } from "./catalogue-options.js";
import { type Format, type Reading, readAll } from "./read-all.js";
import { refuseWikidataOptions, type WikidataCommandOptions } from "./wikidata-options.js";

export interface ReadingOptions extends WikidataCommandOptions, CatalogueOptions {
  readonly kb: string;
  readonly format: Format;
}

/** Opens files of whatever form. `USAGE` for options that do not go with it. */
export async function openReading(
  context: Context,
  files: readonly string[],
  options: ReadingOptions,
  progress: Progress,
): Promise<Reading> {
  const { format } = options;
  refuseCatalogueOptions(files, format, options);
  if (format === "wikidata") {
    const { readWikidata } = await import("./wikidata.js");
    return readWikidata(context, files, options, progress);
  }
  refuseWikidataOptions(options);
  let file = files.join(", ");
  const onFile = (next: string): void => {
    file = next;
  };
  return {
    reads: readAll(context, files, format, { ...options, onFile }),
    file: () => file,
    finish: async () => ({ figures: {}, text: "" }),
  };
}
