import { type Command, Option } from "commander";
import { type Caption, counted, limits, MmelError, percent } from "../../core/index.js";
import type { EvaluationResult, Figures, groupsOf, Protocol } from "../../evaluation/index.js";
import { writeAtomically } from "../../formats/output.js";
import { type CaptionFlags, openCaptions, withCaptionOptions } from "../captions.js";
import { type Context, note, print } from "../context.js";
import { countLines, nameOf } from "../input.js";
import { integer, jsonOption, withLinkerOptions } from "../options.js";
import {
  notePicturesLeftOut,
  notePicturesUnused,
  openCommandPictures,
  openEmbedder,
  type PictureOptions,
} from "../pictures.js";
import { createProgress } from "../progress.js";
import { table } from "../table.js";

interface EvaluateOptions extends PictureOptions, CaptionFlags {
  readonly kb: string;
  readonly model?: string;
  readonly candidates: number;
  readonly coverage?: number;
  readonly collaborative: boolean;
  readonly strictTypes?: boolean;
  readonly protocol: Protocol;
  readonly sample?: number;
  readonly seed: number;
  readonly train?: string;
  readonly report?: string;
  readonly json?: boolean;
}

export function installEvaluate(program: Command, context: Context): void {
  withCaptionOptions(withLinkerOptions(program.command("evaluate")))
    .description("Link annotated captions and compare the links with the gold entities")
    .argument("[file]", 'captions with gold entities; "-" or omitted: standard input')
    .addOption(
      new Option("--protocol <name>", "which candidates to rank (see below)")
        .choices(["retrieval", "paper", "full"])
        .default("retrieval"),
    )
    .option("--sample <n>", "number of captions to evaluate, drawn at random (default: all)", integer(1))
    .option("--seed <s>", "random seed for the sample and the confidence intervals", integer(0), 1)
    .option("--train <file>", "training captions, for reporting seen and unseen entities separately")
    .option(
      "--report <file>",
      "HTML report to write, with plots, the most confident mistakes, and the mentions whose first candidate changed because of other names in the caption",
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Protocols:
  retrieval  rank the retrieved candidates; a gold entity that was not retrieved is a miss
  paper      as in the paper: a gold entity that was not retrieved becomes the last of at most --candidates candidates
  full       rank all entities of the knowledge base (slow; use --sample)

Example:
  mmel evaluate dev.jsonl --kb ./wikimel --train train.jsonl --report report.html`,
    )
    .action((file: string | undefined, options: EvaluateOptions) => evaluateFile(context, file, options));
}

async function evaluateFile(
  context: Context,
  file: string | undefined,
  options: EvaluateOptions,
): Promise<void> {
  const { collaborationText, evaluate, evaluationPage, groupsOf } = await import("../../evaluation/index.js");
  await using pictures = await openCommandPictures(context, options);
  await using input = await openCaptions(context, file, options, {
    inputs: options.train === undefined ? [] : [options.train],
    outputs: { "--report": options.report },
  });
  const total = options.sample ?? (await countLines(context, input.source));
  using progress = createProgress(context, "captions", total);
  const evaluation = await evaluate(input.captions, {
    kb: options.kb,
    ...(options.model !== undefined && { model: options.model }),
    ...(pictures !== undefined && { images: pictures }),
    candidates: options.candidates,
    coverage: options.coverage,
    collaborative: options.collaborative,
    strictTypes: options.strictTypes ?? false,
    protocol: options.protocol,
    ...(options.sample !== undefined && { sample: options.sample }),
    seed: options.seed,
    ...(options.train !== undefined && { trainingGold: await goldIds(input.readOther(options.train)) }),
    signal: context.signal,
    onProgress: progress.update,
  });
  progress[Symbol.dispose]();
  const remark = notePicturesUnused(context, pictures, evaluation.result.model);
  if (options.report !== undefined) {
    const embedder = await openEmbedder(context, options);
    await writeAtomically(options.report, evaluationPage(evaluation, { embed: embedder?.embed, remark }));
    notePicturesLeftOut(context, embedder);
    note(context, `wrote the report to ${options.report}`);
  }
  const { result } = evaluation;
  await print(
    context,
    options.json
      ? `${JSON.stringify(allFigures(result))}\n`
      : evaluationText(result, groupsOf(result), collaborationText(result.collaboration)),
  );
  if (result.all.mentions === 0 && result.nil.f1 === null)
    throw new MmelError("CAPTION_INVALID", {
      what: "no mention has a gold entity",
      where: nameOf(input.source),
      expected: '"gold" for at least one mention: an entity id, or null for NIL',
    });
}

/** Returns all fields of the JSON output. The fields that need `--train` are null without this option. */
function allFigures(result: EvaluationResult) {
  const { seenInTraining = null, unseenInTraining = null, nil, ...rest } = result;
  return { ...rest, seenInTraining, unseenInTraining, nil };
}

/** Returns the ids of all gold entities of captions. */
async function goldIds(captions: AsyncIterable<Caption>): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { mentions } of captions)
    for (const { gold } of mentions) if (gold?.kind === "entity") ids.add(gold.id);
  return ids;
}

/** Formats the result of an evaluation as text for a terminal. */
function evaluationText(
  result: EvaluationResult,
  groups: ReturnType<typeof groupsOf>,
  collaboration: string,
): string {
  const { recall, nil, calibration } = result;
  const rows = groups.map(({ name, figures }) => figuresRow(name, figures));
  const nilLine =
    nil.recall === null
      ? ""
      : `NIL: precision ${percent(nil.precision)}, recall ${percent(nil.recall)}, F1 ${percent(nil.f1)}\n`;
  const calibrationLine =
    calibration === undefined
      ? ""
      : `Calibration: expected calibration error ${percent(calibration.ece)}, Brier score ${calibration.brier.toFixed(3)}, coverage at 95 % accuracy ${percent(calibration.coverageAt95)}\n`;
  return `Protocol ${result.protocol}, model ${result.model}, knowledge base ${result.kb} (${counted(result.kbEntities, "entity", "entities")})
${counted(result.captions, "caption")} with ${counted(result.mentions, "mention")} in ${result.seconds.toFixed(1)} s (${result.mentionsPerSecond.toFixed(0)} mentions/s)
Candidate recall at 1/10/100: ${percent(recall["1"])} ${percent(recall["10"])} ${percent(recall["100"])}; gold entities not in the knowledge base: ${result.goldNotInKb}
Correct outcomes, including NIL: ${percent(result.linkedAccuracy)}
${collaboration}
${nilLine}${calibrationLine}
${table(["", "mentions", "Top-1", "95 % interval", "Top-5", "Top-10", "Top-20", "MRR", "mean rank", "misses"], rows)}${result.seenInTraining === undefined ? TRAINING_UNKNOWN : ""}`;
}

const TRAINING_UNKNOWN =
  "Seen and unseen in training: unknown, because models do not store the captions they were trained on. Use `--train FILE`.\n";

function figuresRow(name: string, figures: Figures): string[] {
  return [
    name,
    String(figures.mentions),
    percent(figures.top1),
    limits(figures.interval95.top1),
    percent(figures.top5),
    percent(figures.top10),
    percent(figures.top20),
    figures.mrr?.toFixed(3) ?? "–",
    figures.meanRank?.toFixed(2) ?? "–",
    String(figures.misses),
  ];
}
