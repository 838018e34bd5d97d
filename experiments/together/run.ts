/**
 * Measures what the other names of a caption decide, with a control:
 * `npx tsx experiments/together/run.ts CAPTIONS KB [--model NAME] [--cut] [--kinds FILE]`. See README.md in this folder.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Caption, type CaptionCandidates, goldId, withoutGold } from "../../src/core/index.js";
import { type Estimate, estimates } from "../../src/evaluation/bootstrap.js";
import { readCaptions } from "../../src/formats/index.js";
import { lookUp, openParts } from "../../src/linker/index.js";
import {
  extend,
  forEachMention,
  type Prepared,
  prepare,
  type RankedCaption,
} from "../../src/linker/prepare.js";
import type { MentionScores } from "../../src/models/model.js";
import { decide, type Ranked, rankCaption } from "../../src/ranking/index.js";
import { cutToLastWord } from "../lexical/data.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: "string", default: "lexical" },
    cut: { type: "boolean", default: false },
    kinds: { type: "string" },
  },
});
const [file, kb] = positionals as [string, string];

/** The three ways to rank the mentions of a caption. */
const WAYS = ["alone", "together", "swapped"] as const;
type Way = (typeof WAYS)[number];
/** Number of candidates per mention, as in linking. */
const CANDIDATES = 100;
const BATCH = 32;

interface Scored {
  readonly caption: Caption;
  readonly prepared: Prepared<CaptionCandidates>;
  /** The scores without and with the other mentions. */
  readonly alone: readonly MentionScores<unknown>[];
  readonly together: readonly MentionScores<unknown>[];
}

const captions: Caption[] = [];
for await (const read of readCaptions(file))
  if (read.kind === "record") captions.push(values.cut ? cutToLastWord(read.value) : read.value);
const kinds = values.kinds === undefined ? undefined : kindsOf(values.kinds);
await using parts = await openParts({ kb, ...(values.model !== "default" && { model: values.model }) });
const { model } = parts;

/** For each group of mentions, the mentions of each caption. */
const groups = new Map<string, Map<string, Record<"first" | "right", Record<Way, boolean>>[]>>();
let waiting: Scored | undefined;
let first: Scored | undefined;
for (let start = 0; start < captions.length; start += BATCH) {
  for (const scored of await score(captions.slice(start, start + BATCH))) {
    if (scored.prepared.input.caption.mentions.length < 2) {
      await count(scored, undefined);
      continue;
    }
    if (waiting !== undefined) await count(waiting, scored);
    waiting = scored;
    first ??= scored;
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${Math.min(start + BATCH, captions.length)} captions `);
}
if (waiting !== undefined) await count(waiting, first);
console.log(
  `${model.name}@${model.hash}, ${captions.length} captions${values.cut ? ", names cut to the last word" : ""}`,
);
console.log(
  "| mentions | | first: alone | together | swapped | right: alone | together | swapped | together − alone, right |\n|---|---|---|---|---|---|---|---|---|",
);
for (const [group, byCaption] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(row(group, byCaption));

async function score(batch: readonly Caption[]): Promise<Scored[]> {
  const extended = batch.map((caption) => extend(withoutGold(caption)));
  const found = await lookUp(
    parts,
    extended.map(({ caption }) => caption),
    CANDIDATES,
  );
  const prepared = found.map((each, i) => prepare(extended[i]!, each));
  const inputs = prepared.map(({ input }) => input);
  const together = await model.score(inputs);
  const alone = await model.score(inputs, { collaborative: false });
  return batch.map((caption, i) => ({
    caption,
    prepared: prepared[i]!,
    alone: alone[i]!,
    together: together[i]!,
  }));
}

/** Ranks the mentions of a caption in each way and counts which are right. `partner` lends its mentions to the control. */
async function count(
  { caption, prepared, alone, together }: Scored,
  partner: Scored | undefined,
): Promise<void> {
  const { input } = prepared;
  const rank = (found: CaptionCandidates, scores: readonly MentionScores<unknown>[], collaborative = true) =>
    rankCaption(found, scores, model, { ...model.ranking, collaborative });
  const ranked: Record<Way, readonly (readonly Ranked[])[]> = {
    alone: await rank(input, alone, false),
    together: await rank(input, together),
    swapped:
      partner === undefined
        ? await rank(input, alone, false)
        : await Promise.all(
            input.caption.mentions.map(async (_, i) => {
              const [found, scores] = withStrangers({ caption, prepared, alone, together }, i, partner);
              return (await rank(found, scores))[0]!;
            }),
          ),
  };
  const results = Object.fromEntries(WAYS.map((way) => [way, decided(prepared, ranked[way])])) as Record<
    Way,
    RankedCaption
  >;
  caption.mentions.forEach((mention, i) => {
    if (mention.gold === undefined) return;
    const gold = goldId(mention);
    const each = (test: (result: RankedCaption) => boolean) =>
      Object.fromEntries(WAYS.map((way) => [way, test(results[way])])) as Record<Way, boolean>;
    const outcome = {
      first: each(({ ranked: lists }) => lists[i]![0]?.candidate.entity.id === gold),
      right: each(({ decisions }) => decisions[i]!.entity?.id === gold),
    };
    const own = ["all", caption.mentions.length > 1 ? "several mentions" : "one mention"];
    if (kinds !== undefined) own.push(`kind: ${kinds.get(caption.id)?.[i]}`, `language: ${caption.language}`);
    if (gold === undefined) own.push("NIL");
    for (const group of own) {
      const byCaption = groups.get(group) ?? new Map();
      groups.set(group, byCaption.set(caption.id, [...(byCaption.get(caption.id) ?? []), outcome]));
    }
  });
}

/** Returns a caption with mention i and the mentions of another caption, which replace the other mentions of its own caption. */
function withStrangers(
  { prepared: { input }, alone }: Scored,
  i: number,
  partner: Scored,
): [CaptionCandidates, readonly MentionScores<unknown>[]] {
  const others = partner.prepared.input;
  const mentions = [
    input.caption.mentions[i]!,
    ...others.caption.mentions.map(({ span: _, ...rest }) => rest),
  ];
  return [
    { caption: { ...input.caption, mentions }, candidates: [input.candidates[i]!, ...others.candidates] },
    [alone[i]!, ...partner.alone],
  ];
}

function decided(
  prepared: Prepared<CaptionCandidates>,
  ranked: readonly (readonly Ranked[])[],
): RankedCaption {
  const { mentions } = prepared.input.caption;
  const decisions = ranked.map((list, i) => decide(mentions[i]!.text, list, model.calibration));
  return forEachMention(prepared, ranked, decisions);
}

function row(
  group: string,
  byCaption: ReadonlyMap<string, readonly Record<"first" | "right", Record<Way, boolean>>[]>,
): string {
  const all = [...byCaption.values()];
  const share = (measure: "first" | "right") => (way: Way) => {
    const list = all.flat();
    return ((100 * list.filter((one) => one[measure][way]).length) / list.length).toFixed(1);
  };
  const [difference] = estimates(
    all.map((list) => ({
      totals: [list.reduce((sum, { right }) => sum + Number(right.together) - Number(right.alone), 0)],
      counts: [list.length],
    })),
  );
  const cells = [
    group,
    all.flat().length,
    ...WAYS.map(share("first")),
    ...WAYS.map(share("right")),
    inPoints(difference),
  ];
  return `| ${cells.join(" | ")} |`;
}

function inPoints(difference: Estimate | undefined): string {
  if (difference === undefined) return "–";
  const { mean, interval95 } = difference;
  return `${(100 * mean).toFixed(1)} [${interval95?.map((limit) => (100 * limit).toFixed(1)).join(", ") ?? "–"}]`;
}

/** Reads the kinds of the mentions of each caption. */
function kindsOf(path: string): ReadonlyMap<string, readonly string[]> {
  const rows = readFileSync(path, "utf8").trim().split("\n");
  return new Map(
    rows.map((line) => {
      const { id, kinds: list } = JSON.parse(line) as { id: string; kinds: string[] };
      return [id, list];
    }),
  );
}
