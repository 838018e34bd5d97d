/**
 * Measures, for each kind of mention, how well captions as people write them are linked: `npx tsx
 * experiments/field/run.ts [GROUP…] [--model NAME]… [--package CHECKOUT]… [--set TEXT] [--part first] [--limit N]
 * [--failures] [--json]`. See README.md in this folder.
 */
import { parseArgs } from "node:util";
import { type Measured, measureSets } from "./measure.js";
import { CHECKOUT, openPackage } from "./package.js";
import { formatFailures, formatSpans, formatTable, rowsOf } from "./report.js";
import { type FieldSet, fieldSets, GROUPS, newsroomSet } from "./sets.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: "string", multiple: true, default: ["default", "lexical"] },
    package: { type: "string", multiple: true, default: [CHECKOUT] },
    set: { type: "string" },
    part: { type: "string", default: "second" },
    limit: { type: "string" },
    failures: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const limit = Number(values.limit ?? Number.POSITIVE_INFINITY);

/** Returns the sets of the groups named on the command line; default: all groups except the newsroom. */
function chosenSets(): readonly FieldSet[] {
  const groups = positionals.length === 0 ? [...GROUPS] : positionals;
  const known = [...GROUPS, "newsroom"];
  const unknown = groups.find((group) => !known.some((one) => one === group));
  if (unknown !== undefined) throw new Error(`unknown group ${unknown}; expected ${known.join(", ")}`);
  const field = groups.some((group) => group !== "newsroom") ? fieldSets() : [];
  const newsroom = groups.includes("newsroom")
    ? [newsroomSet(values.part === "first" ? "first" : "second")]
    : [];
  return [...field.filter(({ group }) => groups.includes(group)), ...newsroom]
    .filter(({ name }) => values.set === undefined || name.includes(values.set))
    .map((set) => ({ ...set, limit: Math.min(set.limit ?? Number.POSITIVE_INFINITY, limit) }));
}

const sets = chosenSets();
const columns: (Measured & { readonly name: string })[] = [];
for (const checkout of values.package) {
  const models = values.model.map((model) => (model === "default" ? undefined : model));
  const measured = await measureSets(await openPackage(checkout), models, sets);
  for (const [i, model] of values.model.entries())
    columns.push({ name: values.package.length > 1 ? `${model} (${checkout})` : model, ...measured[i]! });
}

const names = columns.map(({ name }) => name);
const rows = rowsOf(columns.map(({ mentions }) => mentions));
if (values.json) console.log(JSON.stringify({ columns, rows }, null, 1));
else {
  console.log(formatTable(names, rows));
  if (sets.some(({ detect }) => detect))
    console.log(
      formatSpans(
        names,
        columns.map(({ spans }) => spans),
      ),
    );
  if (values.failures)
    for (const column of columns) console.log(`\nfailures: ${column.name}\n${formatFailures(column)}`);
}
