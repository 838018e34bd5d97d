/**
 * Measures the linking speed of a cascade, and the share of the linking time that its network takes:
 * `npm run build && npx tsx bench/cascade.ts CAPTIONS KB CHECKPOINT [N]` links N captions (default 500) and prints a JSON
 * object. `mentionsPerSecond` is the speed of linking. For `networkShareOfTime`, the network scores the same pairs, which
 * were packed in advance; the time for this is divided by the linking time. Linking and the network are measured
 * alternately, in three rounds; the shortest times count.
 */
import { type Caption, withoutGold } from "../src/core/index.js";
import { createPairEncoder } from "../src/encoders/index.js";
import { readCaptions } from "../src/formats/index.js";
import { createLinker, lookUp, openParts } from "../src/linker/index.js";
import { select, selectionSchema } from "../src/models/cascade/select.js";
import { openCheckpoint } from "../src/models/checkpoint/index.js";
import { createPairReader, startScorer } from "../src/models/mmel/index.js";
import { allPairs, packPairs } from "../src/models/mmel/inputs.js";

const [file, kb, folder, limit = "500"] = process.argv.slice(2);
if (file === undefined || kb === undefined || folder === undefined)
  throw new Error("usage: npx tsx bench/cascade.ts CAPTIONS KB CHECKPOINT [N]");
const captions: Caption[] = [];
for await (const read of readCaptions(file))
  if (read.kind === "record" && captions.length < Number(limit)) captions.push(read.value);
const mentions = captions.reduce((sum, caption) => sum + caption.mentions.length, 0);

const opening = performance.now();
await using linker = await createLinker({ kb, model: folder });
await linker.link(captions[0]!);
const firstLinkSeconds = (performance.now() - opening) / 1000;

const checkpoint = await openCheckpoint(folder);
const { engine } = await startScorer(checkpoint);
const batches = [...packPairs(await networkPairs(kb), checkpoint.config.head)];
const seconds = { linking: Number.POSITIVE_INFINITY, network: Number.POSITIVE_INFINITY };
for (let round = 0; round < 3; round++) {
  seconds.network = Math.min(seconds.network, await timed(runNetwork));
  seconds.linking = Math.min(seconds.linking, await timed(linkAll));
}
await engine.close();
const pairs = batches.reduce((sum, { members }) => sum + members.length, 0);
console.log(
  JSON.stringify(
    {
      model: linker.model,
      captions: captions.length,
      mentions,
      firstLinkSeconds,
      pairsPerMention: pairs / mentions,
      mentionsPerSecond: mentions / seconds.linking,
      networkPairsPerSecond: pairs / seconds.network,
      networkShareOfTime: seconds.network / seconds.linking,
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    },
    null,
    1,
  ),
);

/** Returns the pairs that the cascade passes to its network. */
async function networkPairs(kb: string) {
  await using parts = await openParts({ kb, model: "lexical" });
  const { config, tokenizer } = checkpoint;
  const selection = config.selection ?? selectionSchema.parse({});
  const read = createPairReader({ config: config.head, encoder: createPairEncoder(tokenizer, config.input) });
  const found = await lookUp(parts, captions.map(withoutGold), 100);
  const first = await parts.model.score(found);
  const passed = found.map(({ caption, candidates }, i) => ({
    caption,
    candidates: candidates.map((list, j) => {
      const chosen = select(
        first[i]![j]!.match.map((m) => m ?? 0),
        selection,
      );
      return chosen.length > 1 ? chosen.map((index) => list[index]!) : [];
    }),
  }));
  return await allPairs(passed, read);
}

async function runNetwork(): Promise<void> {
  for (const { inputs } of batches) await engine.run("scoring", inputs);
}

async function linkAll(): Promise<void> {
  for await (const _ of linker.linkAll(captions));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
