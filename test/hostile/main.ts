/** `npm run hostile -- --inputs 10000 [--seed N] [--reader NAME] [--only AT] [--repeat FOLDER] [--keep FOLDER]` */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { campaign } from "./campaign.js";
import { READERS } from "./readers/index.js";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    reader: { type: "string", multiple: true },
    only: { type: "string" },
    repeat: { type: "string" },
    keep: { type: "string", default: "hostile-failures" },
    list: { type: "boolean" },
  },
});

const unknown = values.reader?.find((name) => !READERS.some((row) => row.name === name));
if (values.list || unknown !== undefined) {
  if (unknown !== undefined) console.error(`there is no reader "${unknown}"; the readers are:`);
  for (const { name } of READERS) console.log(name);
  process.exit(unknown === undefined ? 0 : 2);
}

const row = (...cells: readonly (string | number)[]): string =>
  cells.map((cell, at) => (at === 0 ? String(cell).padEnd(44) : String(cell).padStart(10))).join("");

console.log(row("reader", "inputs", "failures", "MiB", "seconds"));
let failed = 0;
for await (const { reader, inputs, failures, megabytes, seconds } of campaign({
  seed: values.seed,
  inputs: Number(values.inputs),
  keep: resolve(values.keep),
  readers: READERS.filter(({ name }) => values.reader?.includes(name) ?? true),
  ...(values.only !== undefined && { only: Number(values.only) }),
  ...(values.repeat !== undefined && { repeat: resolve(values.repeat) }),
})) {
  console.log(row(reader, inputs, failures.length, Math.round(megabytes), seconds.toFixed(2)));
  for (const { at, what } of failures.slice(0, 5)) console.log(`  input ${at}: ${what.slice(0, 600)}`);
  failed += failures.length;
}
if (failed > 0) console.log(`${failed} inputs failed; they are in ${values.keep}`);
process.exitCode = failed > 0 ? 1 : 0;
