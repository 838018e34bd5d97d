import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CaptionLinks, Entity } from "../../src/core/index.js";
import type { CaptionReadOptions, Read } from "../../src/formats/index.js";
import type { LinkerOptions } from "../../src/linker/index.js";
import type { Model } from "../../src/models/model.js";
import type { Mmel } from "./package.js";
import type { FieldSet } from "./sets.js";

/** A mention with a gold annotation, and its link. */
export interface MeasuredMention {
  readonly group: string;
  readonly set: string;
  readonly kind: string;
  readonly caption: string;
  readonly text: string;
  readonly mention: string;
  /** Id and label of the gold entity; null for NIL. */
  readonly gold: string | null;
  /** Id and label of the linked entity; null for NIL; undefined if detection did not find the mention. */
  readonly linked: string | null | undefined;
  readonly right: boolean;
  /** Probability of the outcome; null if the model has no calibration. */
  readonly probability: number | null;
  /** Rank of the gold entity from 1; null if it is not among the candidates. Undefined for NIL. */
  readonly rank?: number | null;
  /** Id and label of the first candidate. */
  readonly first?: string;
}

/** A caption whose mentions were detected. */
export interface MeasuredSpans {
  readonly set: string;
  readonly kind: string;
  readonly text: string;
  readonly expected: readonly string[];
  readonly found: readonly string[];
  readonly exact: boolean;
}

export interface Measured {
  readonly mentions: readonly MeasuredMention[];
  readonly spans: readonly MeasuredSpans[];
}

/** A caption from a set, its gold annotations, and the caption as passed to the linker. */
interface Asked {
  readonly id: string;
  readonly text: string;
  readonly gold: readonly {
    readonly text: string;
    readonly start?: number;
    readonly end?: number;
    readonly gold: string | null;
  }[];
}

/**
 * Links the sets with each model. Returns, for each model in order, the mentions and spans of all sets. Imports each knowledge
 * base once, in the same way as `mmel kb import`. `undefined` is the default model.
 */
export async function measureSets(
  mmel: Mmel,
  models: readonly (string | undefined)[],
  sets: readonly FieldSet[],
): Promise<readonly Measured[]> {
  const folder = await mkdtemp(join(tmpdir(), "mmel-field-"));
  const opened: Model[] = [];
  try {
    for (const model of models) opened.push(await mmel.loadModel(model));
    const all = opened.map((): Measured[] => []);
    const bases = new Map<string, Base>();
    for (const set of sets) {
      const base = bases.get(set.kb) ?? (await importBase(mmel, set.kb, join(folder, `${bases.size}`)));
      bases.set(set.kb, base);
      for (const [i, model] of opened.entries()) all[i]!.push(await measureSet(mmel, base, model, set));
    }
    return all.map((measured) => ({
      mentions: measured.flatMap(({ mentions }) => mentions),
      spans: measured.flatMap(({ spans }) => spans),
    }));
  } finally {
    for (const model of opened) await model.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** An imported knowledge base. */
interface Base {
  readonly folder: string;
  readonly labels: ReadonlyMap<string, string>;
}

async function importBase(mmel: Mmel, file: string, folder: string): Promise<Base> {
  const labels = new Map<string, string>();
  const entities = async function* (): AsyncGenerator<Entity> {
    for await (const entity of recordsOf(mmel.readEntities(file))) {
      labels.set(entity.id, entity.label);
      yield entity;
    }
  };
  await mmel.importKb(folder, entities());
  return { folder, labels };
}

/** Links the captions in a set and compares the links with the gold annotations. */
async function measureSet(mmel: Mmel, base: Base, model: Model, set: FieldSet): Promise<Measured> {
  const { reading, linking } = parseOptions(set.options);
  const asked: Asked[] = [];
  const captions = [];
  const { from = 0, limit = Number.POSITIVE_INFINITY } = set;
  let index = 0;
  for await (const caption of recordsOf(mmel.readCaptions(set.captions, reading))) {
    if (index++ < from || asked.length >= limit) continue;
    captions.push(set.detect ? { ...caption, mentions: [] } : caption);
    asked.push({
      id: caption.id,
      text: caption.text,
      gold: caption.mentions.map(({ text, span, gold }) => ({
        text,
        ...span,
        gold: gold?.kind === "entity" ? gold.id : null,
      })),
    });
  }
  const linker = await mmel.createLinker({
    kb: base.folder,
    model,
    ...linking,
    detect: set.detect,
    topK: 100,
  });
  const mentions: MeasuredMention[] = [];
  const spans: MeasuredSpans[] = [];
  try {
    let at = 0;
    for await (const { links, error } of linker.linkAll(captions)) {
      const caption = asked[at++]!;
      if (error !== undefined && !set.detect) throw error;
      const found = links?.mentions ?? [];
      mentions.push(...caption.gold.map((_, i) => measureMention(set, base, caption, i, found)));
      if (set.detect) spans.push(measureSpans(set, caption, found));
    }
  } finally {
    await linker.close();
  }
  return { mentions, spans };
}

function measureMention(
  set: FieldSet,
  { labels }: Base,
  { id, text, gold: all }: Asked,
  index: number,
  found: CaptionLinks["mentions"],
): MeasuredMention {
  const { text: mention, start, end, gold } = all[index]!;
  const link = set.detect ? found.find((one) => one.start === start && one.end === end) : found[index];
  const candidates = link?.candidates ?? [];
  const place = candidates.findIndex((candidate) => candidate.id === gold);
  const linked = link && (link.entity === null ? null : nameOf(link.entity));
  return {
    group: set.group,
    set: set.name,
    kind: set.kindOf(id, index),
    caption: id,
    text,
    mention,
    gold:
      gold === null ? null : nameOf({ id: gold, label: labels.get(gold) ?? "(not in the knowledge base)" }),
    linked,
    right: link !== undefined && (link.entity?.id ?? null) === gold,
    probability: link?.probability ?? null,
    ...(gold !== null && { rank: place < 0 ? null : place + 1 }),
    ...(candidates[0] && { first: nameOf(candidates[0]) }),
  };
}

function measureSpans(
  set: FieldSet,
  { id, text, gold }: Asked,
  found: CaptionLinks["mentions"],
): MeasuredSpans {
  const show = ({ start, end }: { start?: number; end?: number }): string =>
    `${start}-${end} ${text.slice(start, end)}`;
  const expected = gold.map(show).sort();
  const detected = found.map(show).sort();
  const exact = expected.join("\n") === detected.join("\n");
  return { set: set.name, kind: set.kindOf(id, 0), text, expected, found: detected, exact };
}

const nameOf = ({ id, label }: Pick<Entity, "id" | "label">): string => `${id} ${label}`;

/** Converts the options of `mmel link` that a set may have. Throws if an option is unknown. */
function parseOptions(options: readonly string[]): {
  readonly reading: CaptionReadOptions;
  readonly linking: Partial<LinkerOptions>;
} {
  const reading: Record<string, unknown> = {};
  const linking: Record<string, unknown> = {};
  for (let at = 0; at < options.length; at++) {
    const option = options[at]!;
    if (option === "--offsets") reading.offsets = options[++at];
    else if (option === "--coverage") linking.coverage = Number(options[++at]);
    else if (option === "--strict-types") linking.strictTypes = true;
    else if (option === "--no-collaborative") linking.collaborative = false;
    else throw new Error(`the option ${option} of a case is not supported`);
  }
  return { reading, linking };
}

/** Yields the records from a reader. Throws the error of the first rejected record. */
async function* recordsOf<T>(reads: AsyncIterable<Read<T>>): AsyncGenerator<T> {
  for await (const read of reads) {
    if (read.kind === "rejected") throw read.error;
    yield read.value;
  }
}
