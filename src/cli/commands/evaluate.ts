import { type Command, Option } from "commander";
import { MmelError } from "../../core/index.js";
import type { EvaluationResult, Protocol } from "../../evaluation/index.js";
import { readCaptions, writeAtomically } from "../../formats/index.js";
import { type Context, note, print } from "../context.js";
import { countLines, nameOf, openInput, refuseOverwriting, sourceOf, valuesOf } from "../input.js";
import {
  integer,
  jsonOption,
  offsetsOption,
  onErrorOption,
  rejectsOption,
  withLinkerOptions,
} from "../options.js";
import { embedder, notePicturesUnused, openCommandPictures, type PictureOptions } from "../pictures.js";
import { createProgress } from "../progress.js";

interface EvaluateOptions extends PictureOptions {
  readonly kb: string;
  readonly model?: string;
  readonly candidates: number;
  readonly collaborative: boolean;
  readonly protocol: Protocol;
  readonly sample?: number;
  readonly seed: number;
  readonly train?: string;
  readonly report?: string;
  readonly json?: boolean;
  readonly offsets: "utf16" | "codepoint" | "byte";
  readonly onError: "skip" | "fail";
  readonly rejects?: string;
}

export function installEvaluate(program: Command, context: Context): void {
  withLinkerOptions(program.command("evaluate"))
    .description("link annotated captions and compare with their gold entities")
    .argument("[file]", "captions with gold; - or nothing for standard input")
    .addOption(
      new Option("--protocol <name>", "which candidates are ranked")
        .choices(["retrieval", "paper", "full"])
        .default("retrieval"),
    )
    .option("--sample <n>", "only this many captions, drawn at random", integer(1))
    .option("--seed <s>", "of the sample and of the bootstrap", integer(0), 1)
    .option("--train <file>", "training captions, to report seen and unseen entities apart")
    .option("--report <file>", "write a page with plots and the most confident mistakes")
    .addOption(offsetsOption())
    .addOption(jsonOption())
    .addOption(onErrorOption())
    .addOption(rejectsOption())
    .addHelpText(
      "after",
      `
Protocols:
  retrieval  the candidates as retrieved; gold that is not among them is a miss
  paper      gold takes the place of the last candidate where it was not retrieved
  full       every entity of the knowledge base (slow; use --sample)

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
  const { evaluate, evaluationPage } = await import("../../evaluation/index.js");
  const source = sourceOf(file);
  await refuseOverwriting([source], { "--report": options.report, "--rejects": options.rejects });
  await using pictures = await openCommandPictures(context, options);
  await using input = await openInput(context, options);
  using progress = createProgress(context, "captions", options.sample ?? (await countLines(context, source)));
  const reads = readCaptions(source, {
    offsets: options.offsets,
    signal: context.signal,
    onWarning: (warning) => note(context, warning),
  });
  const evaluation = await evaluate(valuesOf(input.accept(reads, nameOf(source))), {
    kb: options.kb,
    ...(options.model !== undefined && { model: options.model }),
    ...(pictures !== undefined && { images: pictures }),
    candidates: options.candidates,
    collaborative: options.collaborative,
    protocol: options.protocol,
    ...(options.sample !== undefined && { sample: options.sample }),
    seed: options.seed,
    ...(options.train !== undefined && { trainingGold: await goldIds(options.train) }),
    signal: context.signal,
    onProgress: progress.update,
  });
  progress[Symbol.dispose]();
  const remark = notePicturesUnused(context, pictures, evaluation.result.model);
  if (options.report !== undefined) {
    const embed = embedder(context, options);
    await writeAtomically(options.report, [await evaluationPage(evaluation, { embed, remark })]);
    note(context, `report written to ${options.report}`);
  }
  const { result } = evaluation;
  const { evaluationTable } = await import("../evaluation-table.js");
  await print(context, options.json ? `${JSON.stringify(allFigures(result))}\n` : evaluationTable(result));
  if (result.all.mentions === 0 && result.nil.f1 === null)
    throw new MmelError("CAPTION_INVALID", {
      what: "no mention has gold",
      where: nameOf(source),
      expected: '"gold" of at least one: the id of an entity, or null for NIL',
    });
}

/** With every field, also of what cannot be told apart without `--train`. */
function allFigures(result: EvaluationResult) {
  const { seenInTraining = null, unseenInTraining = null, nil, ...rest } = result;
  return { ...rest, seenInTraining, unseenInTraining, nil };
}

/** The gold entities of training captions. */
async function goldIds(file: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const read of readCaptions(file)) {
    if (read.kind === "rejected") continue;
    for (const { gold } of read.value.mentions) if (gold?.kind === "entity") ids.add(gold.id);
  }
  return ids;
}
