import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fitLexical, readLexicalData } from "../../src/training/lexical/index.js";
import { openSource, readSplit } from "./data.js";

/** Fits the shipped lexical model to the train captions and writes `models/lexical/weights.json` (or another file). */
const output = process.argv[2] ?? join(import.meta.dirname, "../../models/lexical/weights.json");
const source = await openSource();
const weights = fitLexical(await readLexicalData(readSplit(source, "train")), {
  onProgress: (message) => process.stderr.write(`${message}\n`),
});
await writeFile(output, `${JSON.stringify(weights, null, 1)}\n`);
