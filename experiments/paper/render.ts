import { markdownTable } from "../../src/datasets/figures.js";
import type { CaptionStats } from "../../src/datasets/index.js";
import { type BudgetName, budgetOf } from "./budgets.js";
import { type DataName, dataSet } from "./data-sets.js";
import { orderText } from "./order.js";
import { PAPER } from "./paper-figures.js";
import type { Prepared, SetName } from "./prepare.js";
import type { Result } from "./results.js";
import { FIGURE4, type Row, TABLE2, TABLE3 } from "./rows.js";
import type { RuntimeRow } from "./runtime.js";
import { differenceOf, figuresOf, type Part, type RowFigures, resultsOf } from "./statistics.js";
import { differenceCell, minus, otherCells, top1Cell } from "./text.js";

/** All that the pages show. */
export interface Shown {
  readonly budget: BudgetName;
  /** Results under the budget. */
  readonly results: readonly Result[];
  /** The results of the one longer training. */
  readonly longer: readonly Result[];
  readonly stats: Readonly<Partial<Record<DataName, Prepared["stats"]>>>;
  readonly runtime: readonly RuntimeRow[];
  /** Names of the figures that were drawn, below docs/images. */
  readonly figures: readonly string[];
  /** A text of ours below a table, by the table's name: why an order differs. */
  readonly remarks: Readonly<Record<string, string>>;
  /** The data sets with text, and those with pictures. */
  readonly data: Readonly<Record<"T" | "T + V", readonly DataName[]>>;
}

const NO_DATA = "no data";

/** Renders the part of docs/results.md that repeats the paper's tables. */
export function renderTables(shown: Shown): string {
  const parts = [introduction(shown), table1(shown), table2(shown), table3(shown), shortNames(shown)];
  return [...parts, figures(shown), runtimeTable(shown)].filter((part) => part !== "").join("\n\n");
}

function introduction({ budget, results }: Shown): string {
  const { encoderLayers, train, test, seeds, settings, candidates } = budgetOf(budget);
  const layers = encoderLayers === undefined ? "all layers" : `the first ${encoderLayers} layers`;
  const captions =
    train === undefined ? "all training captions" : `${train.toLocaleString("en")} training captions`;
  const reported = test === undefined ? "all test captions" : `${test.toLocaleString("en")} test captions`;
  const most = Math.max(
    ...[true, false].map((isRepeated) => seeds({ name: "", variant: "", isRepeated }, true).length),
  );
  const hours = results.reduce((sum, { trainingHours }) => sum + trainingHours, 0);
  const commits = [...new Set(results.map(({ commit }) => commit))].join(", ");
  const run =
    results.length === 0
      ? "No network has been trained yet."
      : `${results.length} networks were trained in ${hours.toFixed(1)} hours (commit ${commits}).`;
  return `\`npx tsx experiments/paper/run.ts --budget ${budget}\` repeats the paper's tables on the data that can be had
([experiments/paper](../experiments/paper/README.md)). All rows have the same budget: ${layers} of MiniLM in place of BERT, ${captions},
${settings.epochs} epochs, ${candidates} candidates, protocol \`paper\`, ${reported}; rows with up to ${most} seeds show their mean. The entity text has no
names, as in the paper; only GENRE scores the names of the candidates. Figures are percentages with 95 % bootstrap intervals over captions. The photographs of Wiki-MEL and all of NYTimes-MEL
cannot be had: these columns show the paper's figures and "${NO_DATA}". The paper's figures are from: ${PAPER.source}
${run}`;
}

function table1({ stats }: Shown): string {
  const headings = ["train", "dev", "test"].flatMap((split) => [
    `${split}, one mention`,
    `${split}, several`,
  ]);
  const paper = Object.entries(PAPER.table1).map(([name, row]) => [
    ...[`${name} (paper)`, row.samples, row.mentions, row.textLength, row.mentionsPerSample],
    ...[...row.train, ...row.dev, ...row.test],
  ]);
  const own = (Object.entries(stats) as [DataName, Prepared["stats"]][]).map(([name, { all, ...splits }]) => [
    ...[dataSet(name).title, all.captions, all.mentions],
    ...[all.wordsPerCaption?.toFixed(1) ?? "–", all.mentionsPerCaption?.toFixed(1) ?? "–"],
    ...[splits.train, splits.dev, splits.test].flatMap(({ singleMention, multiMention }: CaptionStats) => [
      singleMention,
      multiMention,
    ]),
  ]);
  const columns = ["", "captions", "mentions", "words per caption", "mentions per caption", ...headings];
  const splits = (Object.keys(stats) as DataName[]).map(
    (name) => `${dataSet(name).title}: ${dataSet(name).splits}.`,
  );
  return section("Table 1: the data sets", markdownTable(columns, [...paper, ...own]), ...splits);
}

/** Results of a data set. */
const on = (results: readonly Result[], data: DataName): readonly Result[] =>
  results.filter((result) => result.data === data);

function table2({ results, longer, data, remarks }: Shown): string {
  const here = (rows: readonly Row[], names: readonly DataName[], isPhotographed: boolean): string => {
    const columns = names.flatMap((name) => [`${dataSet(name).title}, here`, "Top-5", "Top-10", "Top-20"]);
    const paper = ["", "Wiki-MEL, paper", "Top-5", "Top-10", "Top-20", ...(isPhotographed ? ["here"] : [])];
    const lines = rows.map((row) => [
      minus(row.name),
      ...PAPER.table2[row.name]!["Wiki-MEL"].map((top) => top.toFixed(1)),
      ...(isPhotographed ? [NO_DATA] : []),
      ...names.flatMap((name) => cellsOf(figuresOf(on(results, name), row, "test"))),
      ...[PAPER.table2[row.name]!["NYTimes-MEL"][0].toFixed(1), NO_DATA],
    ]);
    const long = rows.flatMap((row) => {
      if (longer.every(({ variant }) => variant !== row.variant)) return [];
      const cells = names.flatMap((name) => cellsOf(figuresOf(on(longer, name), row, "test")));
      return [
        [`${row.name}, longer training`, "", "", "", "", ...(isPhotographed ? [""] : []), ...cells, "", ""],
      ];
    });
    return markdownTable([...paper, ...columns, "NYTimes-MEL, paper", "here"], [...lines, ...long]);
  };
  const orders = (["T", "T + V"] as const).flatMap((modality) =>
    data[modality].flatMap((name) => {
      const text = orderText(TABLE2[modality], on(results, name));
      return text === undefined ? [] : [`${dataSet(name).title}. ${text}`];
    }),
  );
  return section(
    "Table 2: the baselines and MMEL",
    `With text only:\n\n${here(TABLE2.T, data.T, false)}`,
    `With pictures:\n\n${here(TABLE2["T + V"], data["T + V"], true)}`,
    ...orders,
    remarks.table2 ?? "",
  );
}

const cellsOf = (figures: RowFigures | undefined): string[] => [top1Cell(figures), ...otherCells(figures)];

function table3({ results, data, remarks }: Shown): string {
  const text = markdownTable(
    [
      "",
      ...data.T.flatMap((name) => [`${dataSet(name).title}, here`, "Top-5", "Top-10", "Top-20", "change"]),
    ],
    TABLE3.T.map((row, index) => [
      minus(row.name),
      ...data.T.flatMap((name) => [
        ...cellsOf(figuresOf(on(results, name), row, "test")),
        index === 0 ? "" : changeCell(on(results, name), TABLE3.T[0], row),
      ]),
    ]),
  );
  const whole = TABLE3["T + V"][0];
  const pictured = markdownTable(
    [
      ...["", "Wiki-MEL, paper", "here", "NYTimes-MEL, paper", "here"],
      ...data["T + V"].flatMap((name) => [
        `${dataSet(name).title}, here`,
        "Top-5",
        "Top-10",
        "Top-20",
        "change",
      ]),
    ],
    TABLE3["T + V"].map((row, index) => {
      const paper = PAPER.table3[row.name];
      return [
        minus(row.name),
        ...[
          paper?.["Wiki-MEL"][0].toFixed(1) ?? "–",
          NO_DATA,
          paper?.["NYTimes-MEL"][0].toFixed(1) ?? "–",
          NO_DATA,
        ],
        ...data["T + V"].flatMap((name) => [
          ...cellsOf(figuresOf(on(results, name), row, "test")),
          index === 0 ? "" : changeCell(on(results, name), whole, row),
        ]),
      ];
    }),
  );
  const orders = data["T + V"].flatMap((name) => {
    const text = orderText(TABLE3["T + V"], on(results, name), PAPER.table3);
    return text === undefined ? [] : [`${dataSet(name).title}. ${text}`];
  });
  return section(
    "Table 3: what the parts contribute",
    `With text only, which the paper does not report. JL_t: context and entity in one pass; PT: pair training; CR: collaborative ranking. −CR and −PT&CR are the networks of MMEL-onlytext and −PT, ranked alone.\n\n${text}`,
    `With pictures:\n\n${pictured}`,
    ...orders,
    remarks.table3 ?? "",
  );
}

const changeCell = (
  results: readonly Result[],
  whole: Row,
  row: Row,
  set: SetName = "test",
  part?: Part,
): string => differenceCell(differenceOf(results, { row: whole, set }, { row, set }, part));

/** Networks on names cut short and on captions in which only the companion decides; they were not trained on either. */
function shortNames({ results, data, remarks }: Shown): string {
  const rows = [...TABLE2.T, ...TABLE3.T.slice(1)];
  const first: Part = { isFirstOnly: true };
  const tables = data.T.filter((name) => dataSet(name).hasCompanions).map((name) => {
    const found = on(results, name);
    const cell = (row: Row, set: SetName, part: Part = {}): string => {
      const isRun = resultsOf(found, row, set).length > 0;
      const figures = figuresOf(found, row, set, part);
      return isRun && figures === undefined ? "–" : top1Cell(figures); // "–": the set has no such captions
    };
    const lines = rows.map((row) => [
      minus(row.name),
      cell(row, "short"),
      ...["named", "shared"].map((kind) => cell(row, "companion", { ...first, kind })),
      cell(row, "swapped", first),
      differenceCell(differenceOf(found, { row, set: "swapped" }, { row, set: "companion" }, first)),
    ]);
    const headings = [
      "",
      "names cut short",
      "companion named by a fact",
      "companion shares a fact",
      "companion swapped",
      "own − swapped",
    ];
    return `${dataSet(name).title}, Top-1:\n\n${markdownTable(headings, lines)}`;
  });
  return section(
    "Names cut short, and captions in which only the companion decides",
    "The networks of the tables above, not trained again. In the generated captions, several entities have the name, and the base relates the companion to one of them: a property names it, or both have a value that few have. In the control, the companion is another caption's.",
    ...tables,
    remarks.companion ?? "",
  );
}

function figures({ results, data, figures: drawn, remarks }: Shown): string {
  const image = (name: string, text: string): string[] =>
    drawn.includes(name) ? [`![${text}](images/${name})`] : [];
  const tables = (["T", "T + V"] as const).flatMap((modality) =>
    data[modality].map((name) => {
      const lines = FIGURE4[modality].map((row) => [
        minus(row.name),
        ...(["single", "multi"] as const).map((mentions) =>
          top1Cell(figuresOf(on(results, name), row, "test", { mentions })),
        ),
      ]);
      return `${dataSet(name).title}, Top-1:\n\n${markdownTable(["", "one mention", "several"], lines)}`;
    }),
  );
  const { leadOverGHMFC: lead, lossWithoutPTandCR: loss } = PAPER.figure4;
  return section(
    "Figures 4 and 5",
    `In the paper (NYTimes-MEL), MMEL is ${lead.single} points above GHMFC on captions with one mention and ${lead.multi} on those with several; without PT and CR, Top-1 falls by ${loss.top1}.`,
    ...tables,
    ...image("paper-figure4.svg", "Top-1 for captions with one and with several mentions"),
    ...image(
      "paper-figure5.svg",
      "Scores of candidates before and after collaborative ranking, in captions of the demo",
    ),
    remarks.figures ?? "",
  );
}

function runtimeTable({ runtime, figures: drawn, remarks }: Shown): string {
  const { device, mentions, candidates, seconds } = PAPER.runtime;
  const paper = Object.entries(seconds).map(([name, time]) => [
    `${name} (paper, ${device})`,
    candidates,
    time.toFixed(1),
    mentions,
  ]);
  const own = runtime.map((row) => [row.model, row.candidates, scaled(row).toFixed(1), row.mentions]);
  const table = markdownTable(
    ["", "candidates", `seconds for ${mentions.toLocaleString("en")} mentions`, "mentions measured"],
    [...paper, ...own],
  );
  const note =
    own.length === 0
      ? "Here: not run."
      : "Here on two cores. If fewer mentions were measured, their time is scaled up in proportion.";
  const image = drawn.includes("paper-runtime.svg")
    ? "![Seconds per mention for 10 to 100 candidates](images/paper-runtime.svg)"
    : "";
  return section("Runtime", table, note, image, remarks.runtime ?? "");
}

/** Returns the seconds for as many mentions as in the paper. */
const scaled = ({ seconds, mentions }: RuntimeRow): number => (seconds * PAPER.runtime.mentions) / mentions;

const section = (title: string, ...blocks: readonly string[]): string =>
  [`### ${title}`, ...blocks.filter((block) => block !== "")].join("\n\n");

const BEGIN = "<!-- The tables of the paper: written by experiments/paper/run.ts -->";
const END = "<!-- The end of the tables of the paper -->";

/** Replaces the tables in the text of docs/results.md. Throws if the text has no place for them. */
export function withTables(page: string, tables: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from)
    throw new Error(`docs/results.md has no place for the tables: expected ${BEGIN} and ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${tables}\n\n${page.slice(to)}`;
}
