import { type Candidate, type CaptionCandidates, type Entity, goldId, type Mention } from "../core/index.js";
import { lookUp, type Parts, type Retrieve, withoutOtherTypes, withRelations } from "../linker/index.js";

/**
 * Evaluation protocol: which candidates the gold entity is ranked against. "retrieval" ranks the retrieved candidates.
 * "paper" also ranks the gold entity if it was not retrieved. "full" ranks every entity of the knowledge base.
 */
export type Protocol = "retrieval" | "paper" | "full";

/** The candidates of a caption under a protocol, with the gold entity of each mention. */
export interface Judged extends CaptionCandidates {
  readonly gold: readonly GoldFacts[];
}

export interface GoldFacts {
  /** The gold entity; absent if the mention has none or the knowledge base does not contain it. */
  readonly entity?: Entity;
  /**
   * Position of the gold entity among the retrieved candidates, from 1; absent if the gold entity was not retrieved.
   */
  readonly retrievedAt?: number;
}

/**
 * Returns a function that retrieves candidates according to a protocol. `limit` is the maximum number of candidates
 * that `lookUp` finds by name for a mention. With the protocol "full", it affects only `retrievedAt`. With
 * `strictTypes`, candidates that do not fit the type of their mention are removed, including those that the protocol
 * adds. `retrievedAt` then does not count the removed candidates.
 */
export function retrieverOf(
  protocol: Protocol,
  parts: Parts,
  limit: number,
  strictTypes = false,
): Retrieve<Judged> {
  const change = CHANGES[protocol](parts, limit);
  const filter = <Found extends CaptionCandidates>(found: Found): Found =>
    strictTypes ? withoutOtherTypes(found) : found;
  return async (captions) => {
    const found = (await lookUp(parts, captions, limit)).map(filter);
    const ids = captions.flatMap(({ mentions }) => mentions.flatMap((mention) => goldId(mention) ?? []));
    const known = await parts.store.getMany([...new Set(ids)]);
    const judged = await Promise.all(found.map((caption) => judge(caption, known)).map(change));
    return judged.map((caption) => withRelations(filter(caption), parts.relations));
  };
}

type Change = (judged: Judged) => Promise<Judged>;

const CHANGES: Readonly<Record<Protocol, (parts: Parts, limit: number) => Change>> = {
  retrieval: () => async (judged) => judged,
  paper: withGold,
  full: withEveryEntity,
};

function judge({ caption, candidates }: CaptionCandidates, known: ReadonlyMap<string, Entity>): Judged {
  const gold = caption.mentions.map((mention, i): GoldFacts => {
    const entity = known.get(goldId(mention) ?? "");
    const place = candidates[i]!.findIndex((candidate) => candidate.entity.id === entity?.id);
    return { ...(entity && { entity }), ...(entity && place >= 0 && { retrievedAt: place + 1 }) };
  });
  return { caption, candidates, gold };
}

/**
 * Returns a function that adds the gold entity as the last candidate of a mention if it was not retrieved. If there are
 * already `limit` candidates or more, only the first `limit` - 1 of them are kept, as in the paper's evaluation.
 */
function withGold(parts: Parts, limit: number): Change {
  return (judged) =>
    eachMention(judged, async (mention, list, { entity, retrievedAt }) => {
      if (entity === undefined || retrievedAt !== undefined) return list;
      return [...list.slice(0, limit - 1), await candidateFor(mention, entity, parts)];
    });
}

/**
 * Returns a function that makes every entity of the knowledge base a candidate for each mention. Entities whose names
 * do not match the mention get name score 0.
 */
function withEveryEntity({ source, store }: Parts): Change {
  let entities: Promise<readonly Entity[]> | undefined;
  return (judged) =>
    eachMention(judged, async ({ text }) => {
      entities ??= collected(store.all());
      const [named] = await source.candidates([text], store.manifest.entities);
      const found = new Set(named!.map(({ entity }) => entity.id));
      const others = (await entities).filter(({ id }) => !found.has(id));
      return [...named!, ...others.map(unnamed)];
    });
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function eachMention(
  judged: Judged,
  change: (mention: Mention, list: readonly Candidate[], gold: GoldFacts) => Promise<readonly Candidate[]>,
): Promise<Judged> {
  const candidates: (readonly Candidate[])[] = [];
  for (const [i, mention] of judged.caption.mentions.entries())
    candidates.push(await change(mention, judged.candidates[i]!, judged.gold[i]!));
  return { ...judged, candidates };
}

/** Returns the entity as a candidate with its name score, even if the entity would not be retrieved. */
async function candidateFor(mention: Mention, entity: Entity, { source, store }: Parts): Promise<Candidate> {
  const [all] = await source.candidates([mention.text], store.manifest.entities);
  return all!.find((candidate) => candidate.entity.id === entity.id) ?? unnamed(entity);
}

const unnamed = (entity: Entity): Candidate => ({
  entity,
  nameScore: 0,
  names: { subsequence: 0, prefix: 0, edit: 0 },
  matchedName: entity.label,
});
