import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { makeFolder } from "../../core/make-folder.js";
import { writeAtomically } from "../../formats/index.js";
import type { MmelScorer } from "../../models/mmel/index.js";
import type { Choice, Example } from "./examples.js";

/**
 * An order of the wrong candidates. `orders[i][j]` belongs to training mention j of example i, and lists indices of its
 * `wrong` candidates. Candidates whose index is missing follow in their old order.
 */
export type NegativeOrders = readonly (readonly (readonly number[])[])[];

/** Number of captions that are scored together. */
const BATCH = 32;

/**
 * Scores the first `count` wrong candidates of each training mention with the network and orders them by match logit
 * plus prior, highest first. The first candidates are then those that the network confuses with the gold entity most.
 */
export async function orderByNetwork(
  examples: readonly Example[],
  scorer: Pick<MmelScorer, "logits">,
  count: number,
  signal?: AbortSignal,
): Promise<NegativeOrders> {
  const orders: (readonly number[])[][] = [];
  for (let start = 0; start < examples.length; start += BATCH) {
    const batch = examples.slice(start, start + BATCH);
    const scored = await scorer.logits(
      batch.map((example) => ({ caption: example.caption, candidates: firstWrong(example, count) })),
      signal,
    );
    for (const [index, { mentions }] of batch.entries())
      orders.push(
        mentions.map(({ at, wrong }) => {
          const totals = scored[index]![at]!.logits.map((logit, choice) => logit + wrong[choice]!.prior);
          return [...totals.keys()].sort((a, b) => totals[b]! - totals[a]!);
        }),
      );
  }
  return orders;
}

/** Returns the first `count` wrong candidates of each mention of the caption; none for mentions not trained on. */
function firstWrong({ caption, mentions }: Example, count: number): (readonly Choice[])[] {
  const wrong = new Map(mentions.map((mention) => [mention.at, mention.wrong.slice(0, count)]));
  return caption.mentions.map((_, at) => wrong.get(at) ?? []);
}

/** Returns the examples with their wrong candidates in the given order. */
export function inOrder(examples: readonly Example[], orders: NegativeOrders): Example[] {
  return examples.map(({ caption, mentions }, index) => ({
    caption,
    mentions: mentions.map((mention, position) => {
      const order = orders[index]![position]!;
      const named = new Set(order);
      const rest = mention.wrong.filter((_, choice) => !named.has(choice));
      return { ...mention, wrong: [...order.map((choice) => mention.wrong[choice]!), ...rest] };
    }),
  }));
}

const ordersSchema = z.array(z.array(z.array(z.int().min(0))));

/** Name of the file, in the folder of the training state, that contains the orders of the given refresh. */
export const ordersFile = (refresh: number): string => `negatives-${refresh}.json`;

export async function saveOrders(folder: string, refresh: number, orders: NegativeOrders): Promise<void> {
  await makeFolder(folder);
  await writeAtomically(join(folder, ordersFile(refresh)), [JSON.stringify(orders)]);
}

/** Reads the orders that `saveOrders` wrote. Throws if the file is missing or damaged. */
export async function readOrders(folder: string, refresh: number): Promise<NegativeOrders> {
  return ordersSchema.parse(JSON.parse(await readFile(join(folder, ordersFile(refresh)), "utf8")));
}
