import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Caption, type CaptionLinks, createRandom, goldId } from "../../src/core/index.js";
import { VARIATIONS } from "../../src/training/variation-rules.js";
import { rewriteMention } from "../../src/training/variations.js";
import { CHECKOUT, type Mmel, openPackage } from "../field/package.js";
import { openWikimel } from "../lexical/data.js";

/**
 * Measures how many dev names of Wikidata-MEL are linked to the right entity after each rule of `VARIATIONS` has rewritten
 * them. Usage, options and results: see `README.md`.
 */
const { values } = parseArgs({
  options: {
    package: { type: "string", multiple: true, default: [CHECKOUT] },
    model: { type: "string", default: "lexical" },
    names: { type: "string", default: "2000" },
  },
});

/** A caption and the mention that a rule rewrites. */
interface Case {
  readonly caption: Caption;
  readonly mention: number;
}

const dev = await openWikimel("dev");
const names: Case[] = dev.captions
  .flatMap((caption) => caption.mentions.map((_, mention) => ({ caption, mention })))
  .slice(0, Number(values.names));

/** For each rule, the captions that it can rewrite, before and after. */
const rules = VARIATIONS.map((rule) => {
  const random = createRandom(`dev/${rule.name}`);
  const cases = names.flatMap(({ caption, mention }) => {
    const id = goldId(caption.mentions[mention]!);
    const changed = id && rewriteMention(caption, mention, rule, random, dev.entities.get(id));
    return changed ? { plain: { caption, mention }, changed: { caption: changed, mention } } : [];
  });
  return { rule, cases };
});

for (const checkout of values.package) {
  const { importKb, createLinker } = await openPackage(checkout);
  const folder = await mkdtemp(join(tmpdir(), "variations-"));
  await importKb(join(folder, "kb"), dev.entities.values());
  const linker = await createLinker({ kb: join(folder, "kb"), model: values.model });
  const plain = await rightOnes(linker, names);
  console.log(
    `\n${checkout}, ${values.model}: ${names.length} names, ${percent(count(plain), names.length)} of the unchanged names linked right`,
  );
  console.log(
    "| rule | names | linked right | unchanged names linked right | ratio |\n|---|---|---|---|---|",
  );
  const place = new Map(names.map(({ caption, mention }, index) => [`${caption.id}/${mention}`, index]));
  for (const { rule, cases } of rules) {
    if (cases.length === 0) continue;
    const before = count(
      cases.map(({ plain: { caption, mention } }) => plain[place.get(`${caption.id}/${mention}`)!]!),
    );
    const after = count(
      await rightOnes(
        linker,
        cases.map(({ changed }) => changed),
      ),
    );
    const name = rule.keepsAll ? rule.name : `*${rule.name}*`;
    console.log(
      `| ${name} | ${cases.length} | ${percent(after, cases.length)} | ${percent(before, cases.length)} | ${percent(after, before)} |`,
    );
  }
  await linker.close();
  await rm(folder, { recursive: true });
}

/** Returns, for each case, whether its mention is linked to the gold entity. */
async function rightOnes(
  linker: Awaited<ReturnType<Mmel["createLinker"]>>,
  cases: readonly Case[],
): Promise<boolean[]> {
  const right: boolean[] = [];
  const captions = cases.map(({ caption }, index) => ({ ...caption, id: String(index) }));
  for await (const result of linker.linkAll(captions)) {
    const links = "mentions" in result ? (result as unknown as CaptionLinks) : result.links; // version 0.1 yields the links without a wrapper
    const { caption, mention } = cases[right.length]!;
    right.push(links?.mentions[mention]?.entity?.id === goldId(caption.mentions[mention]!));
  }
  return right;
}

function count(right: readonly boolean[]): number {
  return right.filter(Boolean).length;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
}
