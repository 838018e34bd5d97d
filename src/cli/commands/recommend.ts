import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { type Caption, createRandom, goldId, limits, MmelError, percent } from "../../core/index.js";
import { createTemporaryFolder } from "../../core/temporary-folder.js";
import type { Interval } from "../../evaluation/index.js";
import { writeAtomically } from "../../formats/output.js";
import type { Paired, PairedValue } from "../../training/paired.js";
import { type CaptionFlags, openCaptions, withCaptionOptions } from "../captions.js";
import { type Context, note, print } from "../context.js";
import { nameOf } from "../input.js";
import type { ModelRun } from "../measure-model.js";
import { integer, jsonOption, kbOption } from "../options.js";
import { type PictureOptions, withPictureOptions } from "../pictures.js";
import { createProgress } from "../progress.js";
import { table } from "../table.js";

interface RecommendOptions extends PictureOptions, CaptionFlags {
  readonly kb: string;
  readonly sample: number;
  readonly seed: number;
  readonly detect?: boolean;
  readonly json?: boolean;
}

export function installRecommend(program: Command, context: Context): void {
  withCaptionOptions(withPictureOptions(program.command("recommend")))
    .description("Compare the bundled models on your own captions and recommend one")
    .argument("[file]", 'captions, with or without gold entities; "-" or omitted: standard input')
    .addOption(kbOption())
    .option("--sample <n>", "number of captions to link, drawn at random", integer(1), 200)
    .option("--seed <s>", "random seed for the sample and the confidence intervals", integer(0), 1)
    .option("--detect", "find the names in captions without mentions")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Links the same sample with each bundled model, one after the other, each in a process of its own. The time to the first
link includes the start of the process; the rate does not include the first batch. Agreement is the share of mentions with
the same outcome as the default model's. If captions have gold entities, the table shows the share of right outcomes.

The rule of the recommendation: with gold entities, the fastest model among those that are not worse than the best by more
than chance (95 % interval of the difference, over captions); without gold entities, the fastest model that gives at least
98 % of the mentions the same outcome as the default model.

Examples:
  mmel recommend captions.jsonl --kb ./people
  mmel recommend captions.jsonl --kb ./people --sample 500 --json`,
    )
    .action((file: string | undefined, options: RecommendOptions) => recommend(context, file, options));
}

async function recommend(
  context: Context,
  file: string | undefined,
  options: RecommendOptions,
): Promise<void> {
  const { captionLines } = await import("../../formats/index.js");
  const { sampleCaptions } = await import("../../evaluation/index.js");
  const { bundledModels } = await import("../../models/registry.js");
  const { measureModel } = await import("../measure-model.js");
  const { sample: size, seed, json } = options;
  await using input = await openCaptions(context, file, options);
  const sample = (await sampleCaptions(input.captions, size, createRandom(seed))).map(
    (caption, index): Caption => ({ ...caption, id: String(index) }),
  );
  assertLinkable(sample, nameOf(input.source), options.detect);
  const folder = createTemporaryFolder("mmel-recommend-");
  try {
    const path = join(folder, "sample.jsonl");
    await writeAtomically(path, captionLines(sample));
    const models = (await bundledModels()).map(({ name }) => name);
    using progress = createProgress(context, "captions", models.length * sample.length);
    let done = 0;
    const runs: ModelRun[] = [];
    for (const model of models)
      runs.push(
        await measureModel(model, linkArguments(path, options), context.signal, () =>
          progress.update(++done),
        ),
      );
    progress[Symbol.dispose]();
    const rows = await compareRuns(sample, runs, seed);
    const advice = adviceOf(rows);
    const unlinked = sample.length - Math.min(...runs.map(({ links }) => links.size));
    if (json)
      return await print(
        context,
        `${JSON.stringify({ captions: sample.length, unlinked, models: rows, ...advice })}\n`,
      );
    if (unlinked > 0)
      note(context, `${unlinked} of ${sample.length} captions could not be linked; \`mmel link\` says why`);
    await print(context, `${tableOf(rows)}\n${advice.advice}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function assertLinkable(sample: readonly Caption[], where: string, detect = false): void {
  if (sample.length === 0)
    throw new MmelError("CAPTION_INVALID", { what: "the input contains no valid caption", where });
  if (detect || sample.some(({ mentions }) => mentions.length > 0)) return;
  throw new MmelError("CAPTION_INVALID", {
    what: "no caption of the sample has mentions",
    where,
    hint: "Detect mentions with `--detect`.",
  });
}

function linkArguments(
  path: string,
  { kb, detect, images, features, imageEncoder }: RecommendOptions,
): string[] {
  const pictures = { "--images": images, "--features": features, "--image-encoder": imageEncoder };
  return [
    path,
    "--kb",
    kb,
    "--top-k",
    "1",
    ...(detect ? ["--detect"] : []),
    ...Object.entries(pictures).flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
  ];
}

/** The figures of a model. */
export interface ModelRow extends Omit<ModelRun, "links"> {
  readonly mentions: number;
  /** Share of mentions that are linked; the others are NIL. */
  readonly linked: number;
  /** Share of mentions with the same outcome as the first model's. */
  readonly agreement: number;
  /** Number of mentions with gold annotations, the share of right outcomes and its interval. Null without gold. */
  readonly gold: {
    readonly mentions: number;
    readonly right: number;
    readonly interval95: Interval | null;
  } | null;
  /** Right outcomes of the best model ("before") and this one ("after"). Null without gold. */
  readonly againstBest: Paired | null;
}

/** The outcomes of all mentions: an entity id, or null for NIL. */
const outcomesOf = (sample: readonly Caption[], { links }: ModelRun): (string | null)[] =>
  sample.flatMap(({ id }) => (links.get(id)?.mentions ?? []).map(({ entity }) => entity?.id ?? null));

/** Compares the runs of several models on the same captions. */
export async function compareRuns(
  sample: readonly Caption[],
  runs: readonly ModelRun[],
  seed: number,
): Promise<readonly ModelRow[]> {
  const { paired } = await import("../../training/paired.js");
  const outcomes = runs.map((run) => outcomesOf(sample, run));
  /** For each mention with gold: 1 if the outcome is right, otherwise 0. */
  const right = runs.map(({ links }) =>
    sample.flatMap(({ id, mentions }, caption) =>
      mentions.flatMap((mention, index) => {
        const link = links.get(id)?.mentions[index];
        if (mention.gold === undefined || link === undefined) return [];
        return { caption, value: Number((link.entity?.id ?? undefined) === goldId(mention)) };
      }),
    ),
  );
  const sums = right.map((values) => values.reduce((sum, { value }) => sum + value, 0));
  const best = right[sums.indexOf(Math.max(...sums))]!;
  return runs.map(({ links: _, ...run }, index): ModelRow => {
    const own = outcomes[index]!;
    const against = (from: (at: number) => number) =>
      paired(
        right[index]!.map(
          ({ caption, value }, at): PairedValue => ({ caption, before: from(at), after: value }),
        ),
        seed,
      );
    const alone = against(() => 0);
    return {
      ...run,
      mentions: own.length,
      linked: own.filter((id) => id !== null).length / Math.max(1, own.length),
      agreement: own.filter((id, at) => id === outcomes[0]![at]).length / Math.max(1, own.length),
      gold: alone ? { mentions: alone.mentions, right: alone.after, interval95: alone.interval95 } : null,
      againstBest: against((at) => best[at]?.value ?? 0) ?? null,
    };
  });
}

/** Minimum agreement with the default model at which a faster model is recommended without gold entities. */
const AGREEING = 0.98;

/** Chooses a model by the rule that the command's help states, and gives the reason in one sentence. */
export function adviceOf(rows: readonly ModelRow[]): {
  readonly recommended: string;
  readonly advice: string;
} {
  const first = rows[0]!;
  const hasGold = first.gold !== null;
  const good = rows.filter(({ againstBest, agreement }) =>
    hasGold ? (againstBest?.interval95?.[1] ?? 0) >= 0 : agreement >= AGREEING,
  );
  const fastest =
    [...good].sort((a, b) => (b.mentionsPerSecond ?? 0) - (a.mentionsPerSecond ?? 0))[0] ?? first;
  const { model: recommended } = fastest;
  const reason = hasGold
    ? good.length === 1
      ? "more of its outcomes are right, by more than chance"
      : `it is the fastest of the ${good.length} models whose shares of right outcomes do not differ by more than chance`
    : good.length === 1
      ? "the other models decide too many mentions differently; add gold entities to see which is right"
      : `it is the fastest of the ${good.length} models that agree on at least ${percent(AGREEING)} of the mentions`;
  return { recommended, advice: `Use \`--model ${recommended}\`: ${reason}.` };
}

function tableOf(rows: readonly ModelRow[]): string {
  return table(
    [
      "model",
      "right outcomes",
      "95 % interval",
      "linked",
      "NIL",
      "agreement",
      "mentions/s",
      "first link",
      "memory",
    ],
    rows.map(({ model, gold, linked, agreement, mentionsPerSecond, firstLink, peakMemory }) => [
      model,
      gold === null ? "" : `${percent(gold.right)} of ${gold.mentions}`,
      gold === null ? "" : limits(gold.interval95),
      percent(linked),
      percent(1 - linked),
      percent(agreement),
      mentionsPerSecond?.toFixed(0) ?? "–",
      `${firstLink.toFixed(1)} s`,
      `${peakMemory.toFixed(0)} MB`,
    ]),
  );
}
