import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fitLexical, readLexicalData } from "../../src/training/lexical/index.js";
import { openNewsroom, openWikimel, trainingData } from "./data.js";

/**
 * Fits the bundled lexical model: `npx tsx experiments/lexical/fit.ts [FILE]`. Writes the weights to
 * FILE (default: `models/lexical/weights.json`).
 */
const output = process.argv[2] ?? join(import.meta.dirname, "../../models/lexical/weights.json");
const data = await readLexicalData(trainingData(await openWikimel("train"), await openNewsroom()));
const weights = fitLexical(data, {
  onProgress: (message) => process.stderr.write(`${message}\n`),
});
await writeFile(output, `${JSON.stringify(weights, null, 1)}\n`);
