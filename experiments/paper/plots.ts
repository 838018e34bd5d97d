import { plot } from "../../src/evaluation/plots.js";
import { type DataName, dataSet } from "./data-sets.js";
import { PAPER } from "./paper-figures.js";
import type { Case, Result } from "./results.js";
import { FIGURE4 } from "./rows.js";
import type { RuntimeRow } from "./runtime.js";
import { figuresOf } from "./statistics.js";
import { minus } from "./text.js";

type Options = Parameters<typeof plot>[0];

/** Renders a plot as the text of an SVG file, for a wide screen. */
async function svgOf(options: Options): Promise<string> {
  const { markup } = await plot(options);
  const [svg] = markup.match(/<svg[\s\S]*?<\/svg>/)!;
  return svg.replace("<svg ", `<svg xmlns="http://www.w3.org/2000/svg" `);
}

/** Figure 4: Top-1 for captions with one mention and with several, with intervals. Undefined if no row was run. */
export async function figure4(
  results: readonly Result[],
  names: readonly DataName[],
): Promise<string | undefined> {
  const rows = names.flatMap((data) =>
    FIGURE4[dataSet(data).modality].flatMap((row) =>
      (["single", "multi"] as const).flatMap((mentions) => {
        const own = results.filter((result) => result.data === data);
        const figures = figuresOf(own, row, "test", { mentions });
        if (figures === undefined) return [];
        const [low, high] = figures.interval ?? [Number.NaN, Number.NaN]; // NaN is not drawn
        return {
          place: `${dataSet(data).title}, ${mentions === "single" ? "one mention" : "several"}`,
          ...{ row: minus(row.name), top1: 100 * figures.top[0]!, low: 100 * low, high: 100 * high },
        };
      }),
    ),
  );
  if (rows.length === 0) return undefined;
  const places = [...new Set(rows.map(({ place }) => place))];
  return svgOf((Plot) => ({
    height: 60 + 26 * rows.length,
    ...{ marginLeft: 130, marginRight: 190, marginBottom: 44 },
    x: { label: "Top-1 in %, with 95 % confidence interval", labelOffset: 40, grid: true, nice: true },
    y: { label: null, domain: [...new Set(rows.map(({ row }) => row))] },
    fy: { label: null, domain: places },
    marks: [
      Plot.ruleY(rows, { fy: "place", y: "row", x1: "low", x2: "high", stroke: "currentColor" }),
      Plot.dot(rows, { fy: "place", y: "row", x: "top1", fill: "currentColor", r: 4 }),
    ],
  }));
}

/** Figure 5: the scores of candidates without the other mentions (hollow) and with them (filled). */
export async function figure5(cases: readonly Case[]): Promise<string | undefined> {
  const rows = cases.flatMap(({ text, mention, candidates }) =>
    candidates.map(({ label, isGold, before, after, rankBefore, rankAfter }) => ({
      place: `${mention}: ${text}`.slice(0, 110),
      candidate: isGold ? `${label} ✓` : label,
      ranks: `${rankBefore} → ${rankAfter}`,
      ...{ before, after },
    })),
  );
  if (rows.length === 0) return undefined;
  const places = [...new Set(rows.map(({ place }) => place))];
  return svgOf((Plot) => ({
    height: 60 + 30 * rows.length + 18 * places.length,
    ...{ marginLeft: 230, marginRight: 60, marginBottom: 44, marginTop: 30 },
    x: { label: "score: m (hollow) → with the other mentions (filled)", labelOffset: 40, grid: true },
    y: { label: null, axis: null, domain: [0, 1, 2, 3] },
    fy: { label: null, domain: places, axis: null, padding: 0.3 },
    marks: marksOf(Plot, rows),
  }));
}

type Plotting = Parameters<Options>[0];
interface CaseRow {
  readonly place: string;
  readonly candidate: string;
  readonly ranks: string;
  readonly before: number;
  readonly after: number;
}

function marksOf(Plot: Plotting, rows: readonly CaseRow[]) {
  const seen = new Map<string, number>();
  const placed = rows.map((row) => {
    const at = seen.get(row.place) ?? 0;
    seen.set(row.place, at + 1);
    return { ...row, at };
  });
  const shared = { fy: "place", y: "at" } as const;
  return [
    Plot.text([...seen.keys()], {
      ...{ fy: (place: string) => place, frameAnchor: "top-left", dx: -220, dy: -16 },
      ...{ text: (place: string) => place, textAnchor: "start", fontWeight: "bold" },
    }),
    Plot.text(placed, { ...shared, text: "candidate", frameAnchor: "left", dx: -12, textAnchor: "end" }),
    Plot.link(placed, { ...shared, x1: "before", x2: "after", y1: "at", y2: "at", stroke: "currentColor" }),
    Plot.dot(placed, { ...shared, x: "before", stroke: "currentColor", r: 4 }),
    Plot.dot(placed, { ...shared, x: "after", fill: "currentColor", r: 4 }),
    Plot.text(placed, { ...shared, x: "after", text: "ranks", dx: 10, textAnchor: "start" }),
  ];
}

/** Plots how the time grows with the number of candidates, for as many mentions as in the paper. */
export async function runtimePlot(runtime: readonly RuntimeRow[]): Promise<string | undefined> {
  if (runtime.length === 0) return undefined;
  const { mentions, candidates, seconds } = PAPER.runtime;
  const rows = runtime.map((row) => ({
    ...{ model: row.model, candidates: row.candidates },
    seconds: (row.seconds * mentions) / row.mentions,
  }));
  const paper = Object.entries(seconds).map(([name, time]) => ({
    model: `${name} (paper)`,
    candidates,
    seconds: time,
  }));
  const ends = [...new Map(rows.map((row) => [row.model, row])).values()];
  return svgOf((Plot) => ({
    height: 360,
    ...{ marginLeft: 60, marginRight: 190, marginBottom: 44 },
    x: { label: "candidates for each mention", labelOffset: 40, domain: [0, 100], grid: true },
    y: { label: `seconds for ${mentions.toLocaleString("en")} mentions`, type: "log", grid: true },
    marks: [
      Plot.line(rows, { x: "candidates", y: "seconds", z: "model", stroke: "currentColor" }),
      Plot.dot(rows, { x: "candidates", y: "seconds", fill: "currentColor", r: 3 }),
      Plot.text(ends, { x: "candidates", y: "seconds", text: "model", dx: 8, textAnchor: "start" }),
      Plot.dot(paper, { x: "candidates", y: "seconds", stroke: "currentColor", r: 4 }),
      Plot.text(paper, { x: "candidates", y: "seconds", text: "model", dx: 8, textAnchor: "start" }),
    ],
  }));
}
