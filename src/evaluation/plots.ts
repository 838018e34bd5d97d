import { type Markup, trusted } from "../formats/html/index.js";
import type { CalibrationFigures } from "./calibration.js";
import type { Group } from "./metrics.js";
import type { MentionRecord } from "./records.js";

/** Plots the Top-1 of each group with its 95 % confidence interval. */
export async function intervalPlot(groups: readonly Group[]): Promise<Markup> {
  const rows = groups.flatMap(({ name, figures: { top1, interval95 } }) => {
    if (top1 === null) return [];
    const [low, high] = interval95.top1 ?? [Number.NaN, Number.NaN]; // NaN is not drawn
    return { name, top1: 100 * top1, low: 100 * low, high: 100 * high };
  });
  return plot((Plot) => ({
    height: 54 + 34 * rows.length,
    marginLeft: 130,
    marginBottom: 44,
    x: { label: "Top-1 in %, with 95 % confidence interval", labelOffset: 40, grid: true, nice: true },
    y: { label: null, domain: rows.map(({ name }) => name) },
    marks: [
      Plot.ruleY(rows, { y: "name", x1: "low", x2: "high", stroke: "currentColor", strokeWidth: 2 }),
      Plot.dot(rows, { x: "top1", y: "name", fill: "currentColor", r: 5 }),
      Plot.text(rows, { x: "top1", y: "name", text: (row) => row.top1.toFixed(1), dy: -12 }),
    ],
  }));
}

/** Plots the share of mentions whose gold entity is among the first k candidates, for k up to 100. */
export async function hitsPlot(records: readonly MentionRecord[]): Promise<Markup> {
  const ranked = records.filter(({ gold }) => gold.kind === "entity");
  const ks = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100];
  const share = (k: number, rankOf: (record: MentionRecord) => number | undefined): number =>
    (100 * ranked.filter((record) => (rankOf(record) ?? Number.POSITIVE_INFINITY) <= k).length) /
    Math.max(1, ranked.length);
  const rows = ks.flatMap((k) => [
    { k, share: share(k, ({ rank }) => rank), ranking: "model" },
    { k, share: share(k, ({ nameRank }) => nameRank), ranking: "name score alone" },
  ]);
  return plot((Plot) => ({
    height: 280,
    marginBottom: 44,
    x: { type: "log", label: "k", labelOffset: 40, ticks: [1, 2, 5, 10, 20, 50, 100], tickFormat: String },
    y: { label: "Hits@k in %", grid: true, nice: true },
    marks: [
      ...RANKINGS.map(({ ranking, dash }) =>
        Plot.line(
          rows.filter((row) => row.ranking === ranking),
          { x: "k", y: "share", stroke: "currentColor", strokeDasharray: dash },
        ),
      ),
      Plot.dot(rows, { x: "k", y: "share", fill: "currentColor", r: 2.5 }),
    ],
  }));
}

/** Plots accuracy against mean probability, with one dot per bin. Larger dots represent more predictions. */
export async function reliabilityPlot({ bins }: CalibrationFigures): Promise<Markup> {
  const percents = bins.map((bin) => ({
    predicted: 100 * bin.meanProbability,
    right: 100 * bin.accuracy,
    predictions: bin.predictions,
  }));
  return plot((Plot) => ({
    height: 320,
    marginBottom: 44,
    x: { label: "predicted probability in %", labelOffset: 40, domain: [0, 100], grid: true },
    y: { label: "correct outcomes in %", domain: [0, 100], grid: true },
    r: { range: [2, 12] },
    marks: [
      Plot.line(
        [
          [0, 0],
          [100, 100],
        ],
        { stroke: "currentColor", strokeDasharray: "4,3", strokeOpacity: 0.6 },
      ),
      Plot.dot(percents, {
        x: "predicted",
        y: "right",
        r: "predictions",
        fill: "currentColor",
        fillOpacity: 0.7,
      }),
    ],
  }));
}

const RANKINGS = [
  { ranking: "model", dash: "none" },
  { ranking: "name score alone", dash: "4,3" },
] as const;

type PlotModule = typeof import("@observablehq/plot");

/** Widths of a chart in pixels: for wide and for narrow screens. The style sheet shows one of them. */
const WIDTHS = { broad: 958, narrow: 360 } as const;

/** Renders a chart as SVG markup for wide and for narrow screens, with Observable Plot and without a browser. */
export async function plot(
  options: (Plot: PlotModule) => import("@observablehq/plot").PlotOptions,
): Promise<Markup> {
  const [Plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  const { document } = parseHTML("<!doctype html><body></body>");
  const style = { background: "none", fontSize: "13px" };
  return trusted(
    Object.entries(WIDTHS)
      .map(([name, width]) => {
        const { outerHTML } = Plot.plot({ width, style, ...options(Plot), document });
        return `<div class="${name}">${outerHTML}</div>`;
      })
      .join(""),
  );
}
