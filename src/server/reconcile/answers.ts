import { createHash } from "node:crypto";
import type { Caption, Entity, MentionLink, RankedCandidate } from "../../core/index.js";
import { html, trusted } from "../../formats/html/index.js";
import { MAX_NAME_LENGTH } from "../../formats/index.js";
import type { EntityStore } from "../../kb/index.js";
import { readingsOf } from "../../names/index.js";
import type { RequestService } from "../service.js";
import { type Comparison, compareProperty, isExactName } from "./evidence.js";
import type { Extension, ReconcileQuery } from "./requests.js";
import { typesOf, type Vocabulary, valuesOf } from "./vocabulary.js";

/** What the service manifest says. */
interface ServiceDescription {
  /** URL of the service. */
  readonly base: string;
  readonly kb: string;
  /** Name of the catalogue, unless it is the default. */
  readonly catalogue: string | undefined;
  readonly version: string;
  readonly types: readonly object[];
}

/** Returns the service manifest, as defined by the Reconciliation API 0.2. */
export function manifestOf({ base, kb, catalogue, version, types }: ServiceDescription): object {
  const parameters = catalogue === undefined ? "" : `catalogue=${encodeURIComponent(catalogue)}`;
  const endpoint = (path: string) => ({
    service_url: base,
    service_path: parameters === "" ? path : `${path}?${parameters}`,
  });
  const preview = `${base}/reconcile/preview?id={{id}}${parameters === "" ? "" : `&${parameters}`}`;
  const [name = kb] = kb.split("@");
  return {
    versions: ["0.2"],
    name: `${name} (mmel)`,
    identifierSpace: `urn:mmel:kb:${encodeURIComponent(name)}`,
    schemaSpace: "urn:mmel:properties",
    serviceVersion: version,
    documentation: `${base}/openapi.json`,
    defaultTypes: types,
    view: { url: preview },
    preview: { url: preview, width: 420, height: 260 },
    suggest: {
      entity: endpoint("/reconcile/suggest/entity"),
      property: endpoint("/reconcile/suggest/property"),
      type: endpoint("/reconcile/suggest/type"),
    },
    extend: { propose_properties: endpoint("/reconcile/properties"), property_settings: [] },
  };
}

/** A candidate entity for a table row. */
interface ReconcileCandidate {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly type: readonly { readonly id: string; readonly name: string }[];
  /** Probability in percent, from 0 to 100. */
  readonly score: number;
  /** Whether the client may accept the candidate without review. */
  readonly match: boolean;
  readonly features: readonly { readonly id: string; readonly value: number | boolean }[];
}

/** Minimum probability for an automatic match. */
const MATCH_PROBABILITY = 0.9;
/** Number of candidates to request from the linker. The candidates are filtered by type afterwards. */
const TOP_K = 100;
/** For each result of comparing a property, the factor that multiplies a candidate's weight. */
const LIKELIHOOD: Readonly<Record<Comparison, number>> = { agrees: 20, unknown: 1, contradicts: 0.02 };

/**
 * Returns the candidates for a table row, best first. The name in the row is linked as a mention. The row's properties
 * are then compared with the candidates' properties, which changes the probabilities. If the name is empty or too long,
 * there are no candidates.
 *
 * A property that the knowledge base does not contain, such as a column of captions, is not compared. Its values are
 * appended to the name as context instead.
 */
export async function reconcile(
  { queue }: Pick<RequestService, "queue">,
  { properties }: Vocabulary,
  query: ReconcileQuery,
  signal: AbortSignal,
): Promise<ReconcileCandidate[]> {
  const [name = ""] = readingsOf(query.query);
  if (name === "" || name.length > MAX_NAME_LENGTH) return [];
  const known = new Set(properties.map(({ id }) => id));
  const context = query.properties.flatMap(({ pid, values }) => (known.has(pid) ? [] : values));
  const { mentions } = await queue.link(captionOf(name, context), { topK: TOP_K }, { signal });
  return candidatesOf(name, mentions[0]!, query);
}

/** Maximum length of the context that is appended to the name, in UTF-16 code units. */
const MAX_CONTEXT = 2000;

function captionOf(name: string, context: readonly string[]): Caption {
  const text = [name, ...context]
    .join(". ")
    .slice(0, name.length + MAX_CONTEXT)
    .replace(/[\ud800-\udbff]$/, "");
  return { id: "row", text, mentions: [{ text: name, span: { start: 0, end: name.length } }] };
}

/** A candidate and, for each property of the row in order, the result of comparing it with the candidate's values. */
interface Weighed {
  readonly candidate: RankedCandidate;
  readonly comparisons: readonly Comparison[];
  /** The candidate's probability from the linker, multiplied by the `LIKELIHOOD` of each comparison. Not normalised. */
  readonly weight: number;
}

function candidatesOf(
  name: string,
  { candidates }: MentionLink,
  query: ReconcileQuery,
): ReconcileCandidate[] {
  const nil = Math.max(0, 1 - candidates.reduce((sum, candidate) => sum + probabilityOf(candidate), 0));
  const weighed = candidates
    .filter(({ entity }) => hasTypes(entity, query))
    .map((candidate) => weigh(candidate, query))
    .sort((a, b) => b.weight - a.weight);
  const total = weighed.reduce((sum, { weight }) => sum + weight, nil);
  const isMatch = (place: number): boolean =>
    place === 0 && weighed[0]!.weight / total >= MATCH_PROBABILITY && !isDisputed(name, weighed);
  return weighed
    .slice(0, query.limit)
    .map(({ candidate, comparisons, weight }, place): ReconcileCandidate => {
      const { entity, match } = candidate;
      return {
        id: entity.id,
        name: entity.label,
        ...(entity.description !== undefined && { description: entity.description }),
        type: typesOf(entity),
        score: Math.round((1e4 * weight) / total) / 100,
        match: isMatch(place),
        features: [
          ...(match === null ? [] : [{ id: "match", value: match }]),
          ...query.properties.flatMap(({ pid }, index) => featuresOf(pid, comparisons[index]!)),
        ],
      };
    });
}

/**
 * Returns the calibrated probability. If the model has no calibration, returns the score, limited to the range 0 to 1.
 */
const probabilityOf = ({ probability, score }: RankedCandidate): number =>
  probability ?? Math.min(1, Math.max(0, score));

function weigh(candidate: RankedCandidate, { properties }: ReconcileQuery): Weighed {
  const comparisons = properties.map(({ pid, values }) => compareProperty(candidate.entity, pid, values));
  const weight = comparisons.reduce(
    (product, comparison) => product * LIKELIHOOD[comparison],
    probabilityOf(candidate),
  );
  return { candidate, comparisons, weight };
}

/**
 * Returns the features for a property. The first states whether the candidate agrees with the row. If the candidate
 * contradicts the row, a second feature states this.
 */
function featuresOf(property: string, comparison: Comparison): ReconcileCandidate["features"] {
  const agrees = { id: property, value: comparison === "agrees" };
  return comparison === "contradicts" ? [agrees, { id: `contradicts:${property}`, value: true }] : [agrees];
}

/**
 * Returns whether the best candidate must not be accepted without review. This is the case if either condition holds:
 *
 * - The best candidate contradicts the row.
 * - The row's name is an exact name of both the best candidate and another candidate. The other candidate does not
 *   contradict the row, and agrees with at least as many properties as the best candidate.
 */
function isDisputed(name: string, [best, ...others]: readonly Weighed[]): boolean {
  if (best === undefined || best.comparisons.includes("contradicts")) return true;
  const namesOf = ({ candidate: { entity } }: Weighed): string[] => [entity.label, ...entity.aliases];
  if (!isExactName(name, namesOf(best))) return false;
  const count = ({ comparisons }: Weighed, wanted: Comparison): number =>
    comparisons.filter((comparison) => comparison === wanted).length;
  return others.some(
    (other) =>
      count(other, "contradicts") === 0 &&
      count(other, "agrees") >= count(best, "agrees") &&
      isExactName(name, namesOf(other)),
  );
}

function hasTypes(entity: Entity, { types, strict }: ReconcileQuery): boolean {
  if (types.length === 0 || strict === "should") return true;
  const entityTypes = new Set(typesOf(entity).map(({ id }) => id));
  const has = (type: string): boolean => entityTypes.has(type);
  return strict === "all" ? types.every(has) : types.some(has);
}

/** Returns the requested property values of each entity. If an entity does not exist, its lists of values are empty. */
export async function extend(store: EntityStore, { ids, properties }: Extension): Promise<object> {
  const entities = await store.getMany([...new Set(ids)]);
  const rowOf = (id: string): object => {
    const entity = entities.get(id);
    return Object.fromEntries(
      properties.map((property) => [
        property.id,
        entity === undefined ? [] : valuesOf(entity, property.id).map((str) => ({ str })),
      ]),
    );
  };
  return {
    meta: properties.map(({ id }) => ({ id, name: id })),
    rows: Object.fromEntries(ids.map((id) => [id, rowOf(id)])),
  };
}

const PREVIEW_STYLE = `:root{color-scheme:light dark}body{margin:.6rem;font:14px/1.4 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.05rem;margin:0 0 .2rem}p{margin:0 0 .4rem}dl{margin:0;display:grid;grid-template-columns:auto 1fr;gap:0 .6rem}
dt{opacity:.7}dd{margin:0}img{float:right;max-width:7rem;max-height:8rem;margin:0 0 .4rem .6rem}`;

const styleHash = createHash("sha256").update(PREVIEW_STYLE).digest("base64");

/**
 * Content-Security-Policy of a preview. It allows only pictures from this service and the preview's own style. Any page
 * may embed the preview.
 */
export const PREVIEW_POLICY = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src 'self'; frame-ancestors http: https:`;

/** Returns a small HTML page about an entity, with all values escaped. */
export function previewPage({ id, label, description, properties, images }: Entity): string {
  const facts = Object.entries(properties).slice(0, 8);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${label}</title><style>${trusted(PREVIEW_STYLE)}</style></head>
<body>${images.length === 0 ? html`` : html`<img alt="" src="/v1/entities/${encodeURIComponent(id)}/images/0">`}
<h1><bdi>${label}</bdi></h1><p>${description ?? ""}</p>
<dl>${facts.map(([name, values]) => html`<dt>${name}</dt><dd>${values.slice(0, 5).join(", ")}</dd>`)}</dl>
<p><small>${id}</small></p></body></html>
`.markup;
}
