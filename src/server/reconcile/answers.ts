import type { Caption, Entity, MentionLink } from "../../core/index.js";
import { MAX_NAME_LENGTH } from "../../formats/index.js";
import type { Service } from "../service.js";
import type { ReconcileQuery } from "./requests.js";
import { typesOf, valuesOf } from "./vocabulary.js";

/** An entity that a row may mean. */
export interface ReconcileCandidate {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly type: readonly { readonly id: string; readonly name: string }[];
  /** From 0 to 100: how sure it is, in percent. */
  readonly score: number;
  /** Sure enough that nobody need look. */
  readonly match: boolean;
  readonly features: readonly { readonly id: string; readonly value: number | boolean }[];
}

/** From this probability on a link is taken without asking. */
const SURE = 0.9;
/** Candidates among which those of the types asked for are looked for. */
const LOOKED_AT = 100;

/** The entities that a row may mean, best first: its name is linked in a caption that says what its other cells do. */
export async function reconcile(
  { queue }: Service,
  query: ReconcileQuery,
  signal: AbortSignal,
): Promise<ReconcileCandidate[]> {
  if (query.query === "" || query.query.length > MAX_NAME_LENGTH) return [];
  const { mentions } = await queue.link(captionOf(query), { topK: LOOKED_AT }, { signal });
  return candidatesOf(mentions[0]!, query);
}

function captionOf({ query, properties }: ReconcileQuery): Caption {
  const context = properties.flatMap(({ values }) => values).join(", ");
  const text = context === "" ? query : `${query}, ${context.slice(0, 2000)}`;
  return { id: "row", text, mentions: [{ text: query, span: { start: 0, end: query.length } }] };
}

function candidatesOf({ entity: linked, probability, candidates }: MentionLink, query: ReconcileQuery) {
  const sure = (probability ?? 0) >= SURE;
  return candidates
    .filter(({ entity }) => hasTypes(entity, query))
    .slice(0, query.limit)
    .map((candidate): ReconcileCandidate => {
      const { entity, match, score } = candidate;
      return {
        id: entity.id,
        name: entity.label,
        ...(entity.description !== undefined && { description: entity.description }),
        type: typesOf(entity),
        score: Math.round(1e4 * (candidate.probability ?? Math.min(1, Math.max(0, score)))) / 100,
        match: sure && entity.id === linked?.id,
        features: [
          ...(match === null ? [] : [{ id: "match", value: match }]),
          ...query.properties.map(({ pid, values }) => ({ id: pid, value: agrees(entity, pid, values) })),
        ],
      };
    });
}

function hasTypes(entity: Entity, { types, strict }: ReconcileQuery): boolean {
  if (types.length === 0 || strict === "should") return true;
  const own = new Set(typesOf(entity).map(({ id }) => id));
  return strict === "all" ? types.every((type) => own.has(type)) : types.some((type) => own.has(type));
}

function agrees(entity: Entity, property: string, values: readonly string[]): boolean {
  const own = valuesOf(entity, property).map((value) => value.toLowerCase());
  return values.some((value) => own.includes(value.toLowerCase()));
}
