import { basename } from "node:path";
import type { Command } from "commander";
import {
  type Caption,
  counted,
  type Gold,
  limits,
  MmelError,
  type OffsetUnit,
  percent,
} from "../../core/index.js";
import { writeAtomically } from "../../formats/output.js";
import { type CaptionFlags, captionReader, withCaptionOptions } from "../captions.js";
import { type Context, note, print } from "../context.js";
import { openInput, refuseOverwriting, valuesOf } from "../input.js";
import { jsonOption } from "../options.js";

interface AgreementOptions extends CaptionFlags {
  readonly output?: string;
  readonly json?: boolean;
}

export function installAgreement(program: Command, context: Context): void {
  withCaptionOptions(program.command("agreement"))
    .description("Compare the decisions of two reviewers: Cohen's kappa and the differences")
    .argument("<a>", "captions with decisions in `gold`, as the review page exports them")
    .argument("<b>", "the same captions, decided by another reviewer")
    .option("--output <file>", "file to write the captions with different decisions to, for the review page")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Counts only mentions that both reviewers decided. A decision is an entity or NIL; these are the categories of kappa. The 95 %
intervals are by bootstrap over captions. In the output, mentions with different decisions are undecided, and the review page
shows both choices. Decisions on which both agree stay.

Examples:
  mmel agreement anna.jsonl ben.jsonl
  mmel agreement anna.jsonl ben.jsonl --output differences.jsonl`,
    )
    .action((a: string, b: string, options: AgreementOptions) => agreement(context, a, b, options));
}

async function agreement(context: Context, a: string, b: string, options: AgreementOptions): Promise<void> {
  const { compareDecisions } = await import("../../evaluation/index.js");
  const { output } = options;
  await refuseOverwriting([a, b], { "--output": output, "--rejects": options.rejects });
  await using input = openInput(context, options);
  const reader = await captionReader(context, options, [a, b]);
  const read = async (file: string): Promise<Caption[]> => {
    const captions: Caption[] = [];
    for await (const caption of valuesOf(input.accept(reader.read(file), file))) captions.push(caption);
    return captions;
  };
  const result = compareDecisions(await read(a), await read(b));
  if (result.agreement.captions.both === 0)
    throw new MmelError("CAPTION_INVALID", {
      what: `no caption is in both ${a} and ${b}`,
      expected: "the same captions, with equal ids and texts",
    });
  if (output !== undefined) {
    const lines = await differenceLines(result.compared, namesOf(a, b), options.offsets);
    await writeAtomically(output, lines);
    note(context, `wrote ${counted(lines.length, "caption")} with different decisions to ${output}`);
  }
  await print(
    context,
    options.json ? `${JSON.stringify(result.agreement)}\n` : agreementText(result.agreement),
  );
}

type Comparison = ReturnType<typeof import("../../evaluation/index.js")["compareDecisions"]>;

/** Returns names for the reviewers: the names of their files or, if these are equal, the paths. */
function namesOf(a: string, b: string): readonly [string, string] {
  const names = [basename(a, ".jsonl"), basename(b, ".jsonl")] as const;
  return names[0] === names[1] ? [a, b] : names;
}

/** Returns the captions with different decisions as lines of a captions file. `review.choices` contains both choices. */
async function differenceLines(
  compared: Comparison["compared"],
  [a, b]: readonly [string, string],
  offsets: OffsetUnit,
): Promise<string[]> {
  const { captionToWire } = await import("../../formats/index.js");
  return compared.flatMap(({ caption, mentions }) => {
    const isDifferent = mentions.map(({ first, second }) => idOf(first) !== idOf(second) && first && second);
    if (!isDifferent.some(Boolean)) return [];
    const wire = captionToWire({ ...caption, mentions: mentions.map(({ mention }) => mention) }, offsets);
    return [
      `${JSON.stringify({
        ...wire,
        mentions: wire.mentions!.map(({ gold: _, ...mention }, index) => {
          const { first, second } = mentions[index]!;
          if (!isDifferent[index]) {
            const gold = idOf(first ?? second);
            return { ...mention, ...(gold !== undefined && { gold }) };
          }
          const choices = [
            { id: idOf(first), by: a },
            { id: idOf(second), by: b },
          ];
          return { ...mention, review: { choices } };
        }),
      })}\n`,
    ];
  });
}

/** Returns a decision as in a captions file: an id, null for NIL, undefined if undecided. */
const idOf = (gold: Gold | undefined): string | null | undefined =>
  gold === undefined ? undefined : gold.kind === "nil" ? null : gold.id;

function agreementText({
  captions,
  mentions,
  agreed,
  nilAgainstEntity,
  otherEntity,
  agreement: share,
  kappa,
}: Comparison["agreement"]): string {
  const interval = (
    { value, interval95 }: NonNullable<typeof share>,
    format: (value: number) => string,
  ): string =>
    `${format(value)} (${interval95 === null ? "no interval for a single caption" : `95 % interval ${limits(interval95, format)}`})`;
  const rows = [
    ["captions", `${captions.both} in both files (${captions.first} and ${captions.second})`],
    ...(captions.changed > 0
      ? [["", `${captions.changed} more have different texts and are not compared`]]
      : []),
    [
      "mentions",
      `${mentions.both} decided by both; ${mentions.onlyFirst} only in the first, ${mentions.onlySecond} only in the second, ${mentions.undecided} by none`,
    ],
    [
      "agreement",
      share === null
        ? "none, because no mention was decided by both"
        : `${interval(share, percent)}, ${agreed} mentions`,
    ],
    ["Cohen's kappa", kappa === null ? "not defined" : interval(kappa, (value) => value.toFixed(3))],
    ["differences", `${otherEntity} different entities, ${nilAgainstEntity} entity against NIL`],
  ] as const;
  return rows.map(([name, text]) => `${name!.padEnd(14)} ${text}\n`).join("");
}
