import type { Command } from "commander";
import { readCaptions } from "../../../formats/index.js";
import { type Context, print } from "../../context.js";
import { integer, jsonOption, kbOption } from "../../options.js";

interface RecallOptions {
  readonly kb: string;
  readonly limit: number;
  readonly sample: number;
  readonly json?: boolean;
}

export function installRecall(kb: Command, context: Context): void {
  kb.command("recall")
    .description("how much of the exact candidate lists the index keeps, over the mentions of captions")
    .argument("<file>", "captions")
    .addOption(kbOption())
    .option("--limit <n>", "candidates a mention", integer(1), 100)
    .option("--sample <n>", "how many mentions at most", integer(1), 1000)
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel kb recall captions.jsonl --kb ./people")
    .action((file: string, options: RecallOptions) => recall(context, file, options));
}

async function recall(context: Context, file: string, options: RecallOptions): Promise<void> {
  const { indexRecall } = await import("../../../linker/index.js");
  const names = await firstMentions(file, options.sample, context.signal);
  const figures = await indexRecall(options.kb, names, options.limit, context.signal);
  const result = { limit: options.limit, ...figures };
  await print(
    context,
    options.json
      ? `${JSON.stringify(result)}\n`
      : `the index keeps ${(100 * result.recall).toFixed(2)} % of the first ${options.limit} candidates of ${result.names} mentions; ${(100 * result.equalLists).toFixed(1)} % of the lists are the same\n`,
  );
}

async function firstMentions(file: string, most: number, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  for await (const read of readCaptions(file, { signal })) {
    if (read.kind === "record") names.push(...read.value.mentions.map(({ text }) => text));
    if (names.length >= most) break;
  }
  return names.slice(0, most);
}
