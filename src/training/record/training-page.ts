import { plot } from "../../evaluation/plots.js";
import { html, page } from "../../formats/html/index.js";
import type { Measurement } from "./run-record.js";

/** The curves of a training as a page that stands alone. */
export async function trainingPage(name: string, measurements: readonly Measurement[]): Promise<string> {
  const curve = async (key: string, label: string) => {
    const rows = measurements.flatMap(({ step, values }) =>
      values[key] === undefined ? [] : [{ step, value: values[key] }],
    );
    return html`<h2>${label}</h2><figure>${await plot((Plot) => ({
      height: 240,
      marginLeft: 70,
      marginBottom: 44,
      x: { label: "step", labelOffset: 40 },
      y: { label: null, grid: true, nice: true, zero: key === "learningRate", percent: key === "top1" },
      marks: [
        Plot.line(rows, { x: "step", y: "value", stroke: "currentColor" }),
        ...(rows.length < 60
          ? [Plot.dot(rows, { x: "step", y: "value", fill: "currentColor", r: 2.5 })]
          : []),
      ],
    }))}</figure>`;
  };
  const last = measurements.at(-1);
  const top1 = measurements.flatMap(({ values }) => values.top1 ?? []);
  return page({
    title: `Training of ${name}`,
    lead: `${last?.step ?? 0} steps in ${((last?.seconds ?? 0) / 60).toFixed(0)} minutes; best Top-1 on the dev sample ${top1.length === 0 ? "–" : `${(100 * Math.max(...top1)).toFixed(1)} %`}.`,
    body: html`${await curve("top1", "Top-1 on the dev sample, %")}${await curve("loss", "Loss")}${await curve("gradientNorm", "Gradient norm")}${await curve("learningRate", "Learning rate")}`,
  });
}
