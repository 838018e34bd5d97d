/** An entity as links name it. */
interface NamedEntity {
  readonly id: string;
  readonly label: string;
}

interface RowCandidate extends NamedEntity {
  readonly probability: number | null;
}

/** What `rowsOf` reads of a mention's link, in memory (`MentionLink`) or in the wire format. */
interface RowLink<Candidate> {
  readonly entity: NamedEntity | null;
  readonly probability: number | null;
  readonly nilProbability?: number | undefined;
  readonly candidates: readonly Candidate[];
}

/** One possible referent of a mention: an entity, or NIL. */
export interface LinkRow<Candidate = RowCandidate> {
  /** The entity; null for NIL, the possibility that the entity is not in the knowledge base. */
  readonly entity: NamedEntity | null;
  /** Calibrated probability that the mention refers to this entity, or to none; null if it is not known. */
  readonly probability: number | null;
  /**
   * True if `probability` is only an upper bound. This happens for NIL in links without `nilProbability`: the candidates
   * that are not listed share the rest of the probability with NIL. A bound above the proposal's probability is left out.
   */
  readonly isAtMost: boolean;
  /** Whether this is the outcome that the link proposes. */
  readonly isProposed: boolean;
  /** The candidate with its scores; absent for NIL, and for a proposed entity that is not among the candidates. */
  readonly candidate?: Candidate;
}

/**
 * Returns the possible referents of a mention: the proposal first, and then the other listed candidates and NIL, most
 * probable first, each with one probability. The probabilities sum to at most 1. Without calibrated probabilities, the
 * candidates keep their order, which is by score, and NIL is last unless it is proposed.
 *
 * The proposal is the most probable row, with one exception: a linker proposes NIL only if it is more probable than all
 * candidates together, so NIL can be more probable than the proposed candidate. `mostProbable` makes it the proposal.
 */
export function rowsOf<Candidate extends RowCandidate>(link: RowLink<Candidate>): LinkRow<Candidate>[] {
  const { entity, probability, candidates } = link;
  const isCalibrated = probability !== null;
  const listed = candidates.map(
    (candidate): LinkRow<Candidate> => ({
      entity: { id: candidate.id, label: candidate.label },
      probability: isCalibrated ? candidate.probability : null,
      isAtMost: false,
      isProposed: candidate.id === entity?.id,
      candidate,
    }),
  );
  const unlisted: LinkRow<Candidate>[] =
    entity === null || listed.some(({ isProposed }) => isProposed)
      ? []
      : [{ entity, probability, isAtMost: false, isProposed: true }];
  const rows = [...unlisted, ...listed];
  return [...rows, nilRow(link, rows)].sort(
    (a, b) => Number(b.isProposed) - Number(a.isProposed) || (b.probability ?? -1) - (a.probability ?? -1),
  );
}

/**
 * Returns a link with its most probable row as the proposal, so that `rowsOf` orders all rows by probability. Returns
 * the same link if this is its proposal already, or if it has no probabilities.
 */
export function mostProbable<Link extends RowLink<RowCandidate>>(link: Link): Link {
  const rows = rowsOf(link).filter(({ isAtMost }) => !isAtMost);
  const best = rows.reduce((most, row) => ((row.probability ?? -1) > (most.probability ?? -1) ? row : most));
  if (best.isProposed) return link;
  const { entity, probability } = best;
  const nilProbability = link.entity === null ? link.probability : link.nilProbability;
  return {
    ...link,
    outcome: entity === null ? "nil" : "linked",
    entity,
    probability,
    ...(nilProbability !== undefined && { nilProbability }),
  };
}

/** NIL is not proposed if its probability is at most this value. */
const MAX_UNPROPOSED = 0.5;

function nilRow<Candidate>(
  { entity, probability, nilProbability }: RowLink<Candidate>,
  rows: readonly LinkRow<Candidate>[],
): LinkRow<Candidate> {
  const nil = { entity: null, isProposed: entity === null, isAtMost: false };
  if (probability === null || nil.isProposed) return { ...nil, probability };
  if (nilProbability !== undefined) return { ...nil, probability: nilProbability };
  const rest = rows.reduce((sum, row) => sum - (row.probability ?? 0), 1);
  const bound = Math.max(0, Math.min(MAX_UNPROPOSED, rest));
  if (bound > probability) return { ...nil, probability: null }; // it says nothing about the order
  return { ...nil, probability: bound, isAtMost: true };
}
