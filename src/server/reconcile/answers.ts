import { createHash } from "node:crypto";
import type { Caption, Entity, MentionLink } from "../../core/index.js";
import { html, trusted } from "../../formats/html/index.js";
import { MAX_NAME_LENGTH } from "../../formats/index.js";
import type { EntityStore } from "../../kb/index.js";
import type { Service } from "../service.js";
import type { Extension, ReconcileQuery } from "./requests.js";
import { typesOf, valuesOf } from "./vocabulary.js";

/** Returns the service manifest for the Reconciliation API 0.2. `base` is the URL of the service. */
export function manifestOf(base: string, kb: string, version: string, types: readonly object[]): object {
  const endpoint = (service_path: string) => ({ service_url: base, service_path });
  const [name = kb] = kb.split("@");
  return {
    versions: ["0.2"],
    name: `${name} (mmel)`,
    identifierSpace: `urn:mmel:kb:${encodeURIComponent(name)}`,
    schemaSpace: "urn:mmel:properties",
    serviceVersion: version,
    documentation: `${base}/openapi.json`,
    defaultTypes: types,
    view: { url: `${base}/reconcile/preview?id={{id}}` },
    preview: { url: `${base}/reconcile/preview?id={{id}}`, width: 420, height: 260 },
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
/** Number of candidates to request, before they are filtered by type. */
const TOP_K = 100;

/**
 * Returns the candidates for a table row, best first. The name is linked as a mention in a caption. The caption's text
 * consists of the name and the values from the row's other cells.
 */
export async function reconcile(
  { queue }: Service,
  query: ReconcileQuery,
  signal: AbortSignal,
): Promise<ReconcileCandidate[]> {
  if (query.query === "" || query.query.length > MAX_NAME_LENGTH) return [];
  const { mentions } = await queue.link(captionOf(query), { topK: TOP_K }, { signal });
  return candidatesOf(mentions[0]!, query);
}

function captionOf({ query, properties }: ReconcileQuery): Caption {
  const context = properties.flatMap(({ values }) => values).join(", ");
  const text = context === "" ? query : `${query}, ${context.slice(0, 2000)}`;
  return { id: "row", text, mentions: [{ text: query, span: { start: 0, end: query.length } }] };
}

function candidatesOf({ entity: linked, probability, candidates }: MentionLink, query: ReconcileQuery) {
  const certain = (probability ?? 0) >= MATCH_PROBABILITY;
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
        match: certain && entity.id === linked?.id,
        features: [
          ...(match === null ? [] : [{ id: "match", value: match }]),
          ...query.properties.map(({ pid, values }) => ({ id: pid, value: agrees(entity, pid, values) })),
        ],
      };
    });
}

function hasTypes(entity: Entity, { types, strict }: ReconcileQuery): boolean {
  if (types.length === 0 || strict === "should") return true;
  const entityTypes = new Set(typesOf(entity).map(({ id }) => id));
  const has = (type: string): boolean => entityTypes.has(type);
  return strict === "all" ? types.every(has) : types.some(has);
}

function agrees(entity: Entity, property: string, values: readonly string[]): boolean {
  const known = valuesOf(entity, property).map((value) => value.toLowerCase());
  return values.some((value) => known.includes(value.toLowerCase()));
}

/** Returns the requested property values of each entity, with empty lists for entities that do not exist. */
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
 * Content-Security-Policy of a preview. It allows the preview's own style and pictures from this service, and lets any
 * page embed the preview.
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
