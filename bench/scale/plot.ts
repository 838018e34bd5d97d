/** Plots the results of `run.ts`: `npx tsx bench/scale/plot.ts RESULT.json... > docs/images/scale.svg`. */
import { readFileSync } from "node:fs";
import { plot } from "../../src/evaluation/plots.js";
import type { Measured } from "./measure.js";
import { KINDS } from "./questions.js";

interface Result {
  readonly people: number;
  readonly on: string;
  readonly measured: readonly Measured[];
}

const rows = process.argv.slice(2).flatMap((path) => {
  const { people, on, measured } = JSON.parse(readFileSync(path, "utf8")) as Result;
  return measured.map(({ kind, p50 }) => ({ people, kind, p50, on }));
});

rows.sort((a, b) => a.people - b.people);

const { markup } = await plot((Plot) => ({
  height: 360,
  marginBottom: 44,
  marginTop: 50,
  marginRight: 60,
  insetRight: 40,
  x: { type: "log", label: "people", labelOffset: 40, tickFormat: "~s", grid: true },
  y: {
    type: "log",
    label: "median time to search one name, ms",
    grid: true,
    tickFormat: "~g",
  },
  fx: { label: null },
  marks: [
    Plot.line(rows, {
      x: "people",
      y: "p50",
      fx: "on",
      z: "kind",
      stroke: "currentColor",
      strokeOpacity: 0.5,
    }),
    Plot.dot(rows, { x: "people", y: "p50", fx: "on", symbol: "kind", stroke: "currentColor" }),
    ...KINDS.map((kind) =>
      Plot.text(
        rows.filter((row) => row.kind === kind),
        Plot.selectLast({
          x: "people",
          y: "p50",
          fx: "on",
          text: "kind",
          dx: 6,
          dy: kind === "full" ? -5 : kind === "misspelt" ? 5 : 0, // the lines of these two kinds end close together
          textAnchor: "start",
        }),
      ),
    ),
  ],
}));
console.log(markup.replace("<svg ", `<svg xmlns="http://www.w3.org/2000/svg" `));
