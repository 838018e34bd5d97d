/**
 * Draws docs/images/collaboration.svg: the candidates of one name in each of three captions, with their probabilities if the
 * name is linked alone and if the names of the caption are resolved together, like figure 5 of the paper.
 *
 *     npx tsx scripts/collaboration-figure.ts [MODEL]
 */
import { writeFile } from "node:fs/promises";
import { demoEntities } from "../src/cli/demo-files.js";
import type { Caption, Entity, MentionLink } from "../src/core/index.js";
import { html, type Markup, trusted } from "../src/formats/html/index.js";
import { createLinker } from "../src/linker/index.js";

const OUTPUT = "docs/images/collaboration.svg";

/** Captions about entities of the demo, and the names in them. The figure shows the first name. */
const CAPTIONS = [
  ["Venus and Serena at breakfast.", "Venus", "Serena"],
  ["Michael Jordan and Ryan Coogler at breakfast.", "Michael Jordan", "Ryan Coogler"],
  ["Roosevelt and Eleanor at breakfast.", "Roosevelt", "Eleanor"],
] as const;

/** Number of candidates per name. */
const SHOWN = 3;

interface Bar {
  readonly label: string;
  readonly before: number;
  readonly after: number;
}

interface Panel {
  readonly text: string;
  readonly name: string;
  readonly bars: readonly Bar[];
  readonly reason: string;
}

function captionOf([text, ...names]: readonly [string, ...string[]]): Caption {
  const mentions = names.map((name) => {
    const start = text.indexOf(name);
    return { text: name, span: { start, end: start + name.length } };
  });
  return { id: text, text, mentions };
}

function panelOf({ text }: Caption, alone: MentionLink, together: MentionLink): Panel {
  const probabilityIn = ({ candidates }: MentionLink, { id }: Entity): number =>
    candidates.find((candidate) => candidate.id === id)?.probability ?? 0;
  const { independent } = together;
  const first = together.candidates.slice(0, SHOWN).map(({ entity }) => entity);
  const isShown = independent === undefined || first.some(({ id }) => id === independent.id);
  const shown = isShown ? first : [...first.slice(0, -1), independent];
  const bars = shown.map((entity) => ({
    label: entity.label,
    before: probabilityIn(alone, entity),
    after: probabilityIn(together, entity),
  }));
  const reason = together.because ?? "The same candidate comes first with and without the other name";
  return { text, name: together.text, bars, reason };
}

/** Sizes in pixels. */
const WIDTH = 720;
const MARGIN = 24;
const LABELS = 190;
const NUMBERS = 110;
const ROW = 26;
const TOP = 64;
const HEAD = 34;
const FOOT = 54;
const PANEL = HEAD + SHOWN * ROW + FOOT;
const BARS = WIDTH - 2 * MARGIN - LABELS - NUMBERS;

const STYLE = `
svg { --paper: #fff; --ink: #1c2024; --soft: #5b6470; --line: #e3e6ea; --before: #9db8cf; --after: #0b62a8; }
@media (prefers-color-scheme: dark) { svg { --paper: #16191c; --ink: #e8eaed; --soft: #a3abb5; --line: #343a41; --before: #4a6479;
  --after: #7db8ea; } }
text { font: 14px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--ink); }
.caption { font-size: 16px; } .name { font-weight: 700; } .soft { fill: var(--soft); font-size: 13px; } .first { font-weight: 600; }
.number { text-anchor: end; font-variant-numeric: tabular-nums; }
.paper { fill: var(--paper); } .rail { fill: var(--line); } .before { fill: var(--before); } .after { fill: var(--after); }
.rule { stroke: var(--line); }
`;

const percent = (probability: number): string => {
  const rounded = Math.round(100 * probability);
  return `${rounded === 100 && probability < 1 ? ">99" : rounded} %`;
};

function figure(panels: readonly Panel[]): string {
  const height = TOP + panels.length * PANEL - 12;
  const summary = panels.map(({ text, bars: [first] }) => `${text} ${first?.label ?? "–"}`).join(" ");
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Probabilities of candidates before and after the names of a caption are resolved together. ${summary}">
<style>${trusted(STYLE)}</style>
<rect class="paper" width="${WIDTH}" height="${height}" rx="8"/>
${legend()}
${panels.map((panel, at) => panelMarkup(panel, TOP + at * PANEL))}
</svg>
`.markup;
}

function legend(): Markup {
  const item = (x: number, kind: string, label: string): Markup =>
    html`<rect class="${kind}" x="${x}" y="24" width="14" height="9" rx="1.5"/><text class="soft" x="${x + 21}" y="33">${label}</text>`;
  return html`${item(MARGIN, "before", "probability if the name is linked alone")}${item(MARGIN + 290, "after", "if the names are resolved together")}`;
}

function panelMarkup({ text, name, bars, reason }: Panel, top: number): Markup {
  const start = text.indexOf(name);
  const end = start + name.length;
  return html`<line class="rule" x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${top - 12}" y2="${top - 12}"/>
<text class="caption" x="${MARGIN}" y="${top + 16}">“${text.slice(0, start)}<tspan class="name">${text.slice(start, end)}</tspan>${text.slice(end)}”</text>
${bars.map((bar, row) => barMarkup(bar, row === 0, top + HEAD + row * ROW))}
<text class="soft" x="${MARGIN}" y="${top + HEAD + SHOWN * ROW + 16}">${reason}</text>
`;
}

function barMarkup({ label, before, after }: Bar, isFirst: boolean, y: number): Markup {
  const x = MARGIN + LABELS;
  const length = (probability: number): string => Math.max(1, BARS * probability).toFixed(1);
  return html`<text class="${isFirst ? "first" : ""}" x="${MARGIN}" y="${y + 14}">${label}</text>
<rect class="rail" x="${x}" y="${y + 1}" width="${BARS}" height="17" rx="2"/>
<rect class="before" x="${x}" y="${y + 1}" width="${length(before)}" height="7" rx="1.5"/>
<rect class="after" x="${x}" y="${y + 9}" width="${length(after)}" height="9" rx="1.5"/>
<text class="number ${isFirst ? "first" : ""}" x="${WIDTH - MARGIN}" y="${y + 14}">${percent(before)} → ${percent(after)}</text>
`;
}

async function entitiesOfDemo(): Promise<Entity[]> {
  const entities: Entity[] = [];
  for await (const entity of demoEntities()) entities.push(entity);
  return entities;
}

const [model] = process.argv.slice(2);
await using linker = await createLinker({
  kb: await entitiesOfDemo(),
  topK: 100,
  ...(model !== undefined && { model }),
});
const panels: Panel[] = [];
for (const caption of CAPTIONS.map(captionOf)) {
  const alone = await linker.link(caption, { collaborative: false });
  const together = await linker.link(caption);
  panels.push(panelOf(caption, alone.mentions[0]!, together.mentions[0]!));
}
await writeFile(OUTPUT, figure(panels));
console.log(`wrote ${OUTPUT} with ${linker.model}`);
