import { type Candidate, type CaptionCandidates, type Entity, goldId, type Mention } from "../core/index.js";
import { lookUp, type Parts, type Retrieve } from "../linker/index.js";

/** Which candidates are ranked (section 8 of the specification). */
export type Protocol = "retrieval" | "paper" | "full";

/** The candidates that a protocol ranks, and what is known of the gold entity of each mention. */
export interface Judged extends CaptionCandidates {
  readonly gold: readonly GoldFacts[];
}

export interface GoldFacts {
  /** As the knowledge base has it. */
  readonly entity?: Entity;
  /** Place, from 1, among the candidates as retrieved. */
  readonly retrievedAt?: number;
}

/** How a protocol finds the candidates of a batch of annotated captions, `limit` a mention where it has the choice. */
export function retrieverOf(protocol: Protocol, parts: Parts, limit: number): Retrieve<Judged> {
  const change = CHANGES[protocol](parts, limit);
  return async (captions) => {
    const found = await lookUp(parts.source, captions, limit);
    const ids = captions.flatMap(({ mentions }) => mentions.flatMap((mention) => goldId(mention) ?? []));
    const known = await parts.store.getMany([...new Set(ids)]);
    return Promise.all(found.map((of) => judge(of, known)).map(change));
  };
}

type Change = (judged: Judged) => Promise<Judged>;

const CHANGES: Readonly<Record<Protocol, (parts: Parts, limit: number) => Change>> = {
  retrieval: () => async (judged) => judged,
  paper: withGold,
  full: withEveryEntity,
};

function judge({ caption, candidates }: CaptionCandidates, known: ReadonlyMap<string, Entity>): Judged {
  const gold = caption.mentions.map((mention, at): GoldFacts => {
    const entity = known.get(goldId(mention) ?? "");
    const place = candidates[at]!.findIndex((candidate) => candidate.entity.id === entity?.id);
    return { ...(entity && { entity }), ...(entity && place >= 0 && { retrievedAt: place + 1 }) };
  });
  return { caption, candidates, gold };
}

/** Gold in place of the last candidate where it was not retrieved, as the paper's evaluation has it. */
function withGold(parts: Parts, limit: number): Change {
  return (judged) =>
    eachMention(judged, async (mention, list, { entity, retrievedAt }) => {
      if (entity === undefined || retrievedAt !== undefined) return list;
      return [...list.slice(0, limit - 1), await candidateFor(mention, entity, parts)];
    });
}

/** Every entity; those that the name does not suggest at all come with name score 0. */
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
  for (const [at, mention] of judged.caption.mentions.entries())
    candidates.push(await change(mention, judged.candidates[at]!, judged.gold[at]!));
  return { ...judged, candidates };
}

/** An entity scored as the candidate it was not good enough to be. */
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
