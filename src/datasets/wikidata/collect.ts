import type { ErrorCode, ErrorDetail } from "../../core/index.js";
import { MAX_NAME_LENGTH } from "../../formats/index.js";
import { draftOf, referencesOf } from "./draft.js";
import { hasId, itemNumber } from "./id-set.js";
import { fieldOf, firstText, objectOf } from "./item-json.js";
import { isFiltered, type WikidataSettings } from "./settings.js";
import { namesAny } from "./statements.js";

/** A line that does not contain a valid entity, as plain data that can be sent between threads. */
export interface BadLine {
  readonly line: number;
  readonly id?: string;
  readonly code: ErrorCode;
  readonly detail: Omit<ErrorDetail, "cause" | "where">;
  readonly excerpt: string;
}

/** A bad line, and the index of its file. */
export type BadInFile = BadLine & { readonly file: number };

export interface Counts {
  /** Number of entities that pass the filter and have a usable label. */
  readonly taken: number;
  /** Number of entities that pass the filter but have no usable label in the chosen languages, `mul` or English. */
  readonly nameless: number;
  readonly redirects: number;
  /** Number of ids that the API reported as missing because they were deleted or never assigned. */
  readonly missing: number;
}

/**
 * The contents of some lines in a dump. `drafts`, `labels` and `redirects` contain one record per line, and each record
 * ends with a line feed.
 */
export interface Collected {
  /** One JSON array per entity: `[line, draft]`. */
  readonly drafts: string;
  /**
   * One record per item with a usable label, such as `31⇥Belgium`, whether or not the item is imported. The label
   * replaces references to the item.
   */
  readonly labels: string;
  /** One record per redirect: `1>31` if item 1 redirects to item 31. */
  readonly redirects: string;
  /** Item numbers of the imported items: 31 for `Q31`. */
  readonly taken: Uint32Array<ArrayBuffer>;
  /** Item numbers of the items that pass the filter but have no usable label (`nameless` in `Counts`). */
  readonly unlabelled: Uint32Array<ArrayBuffer>;
  /** Item numbers of the items that the imported items refer to. */
  readonly needed: Uint32Array<ArrayBuffer>;
  readonly bad: readonly BadLine[];
  readonly counts: Counts;
}

/** A line of a file. `text` is the complete line or its beginning. */
export interface SourceLine {
  readonly line: number;
  readonly text: string;
}

/** Collects the contents of parsed lines. */
export interface Collector {
  /** Adds an entity, a redirect, an API response (`{"entities":{…}}`), or an array of these. */
  add(value: unknown, source: SourceLine): void;
  label(number: number, text: string): void;
  reject(source: SourceLine, code: ErrorCode, detail: BadLine["detail"]): void;
  result(): Collected;
}

export function createCollector(settings: WikidataSettings): Collector {
  let [drafts, labels, redirects] = ["", "", ""];
  const taken: number[] = [];
  const unlabelled: number[] = [];
  const needed = new Set<number>();
  const bad: BadLine[] = [];
  const counts = { taken: 0, nameless: 0, redirects: 0, missing: 0 };

  const label = (number: number, text: string): void => {
    if (text.length <= MAX_NAME_LENGTH) labels += `${number}\t${text}\n`;
  };
  const reject: Collector["reject"] = ({ line, text }, code, detail) => {
    const id = idIn(text);
    const excerpt = text.length > 200 ? `${text.slice(0, 200)}…` : text;
    bad.push({ line, ...(id !== undefined && { id }), code, detail, excerpt });
  };
  const addRedirect = (from: string, to: string): void => {
    const [source, target] = [itemNumber(from), itemNumber(to)];
    if (source === undefined || target === undefined) return;
    counts.redirects += 1;
    redirects += `${source}>${target}\n`;
  };
  const addItem = (id: string, number: number, item: Item, requestedId: string | undefined, line: number) => {
    const text = firstText(objectOf(item.labels), settings.languages);
    if (text !== undefined) label(number, text);
    if (!isWanted(settings, number, item, requestedId)) return;
    const draft = draftOf(id, item, settings);
    if (draft === undefined) {
      counts.nameless += 1;
      unlabelled.push(number);
    } else {
      counts.taken += 1;
      taken.push(number);
      for (const reference of referencesOf(draft)) needed.add(reference);
      drafts += `${JSON.stringify([line, draft])}\n`;
    }
  };
  const addEntity = (value: Item, requestedId: string | undefined, source: SourceLine): void => {
    const { id, entity: from, redirect: to } = value;
    if (typeof from === "string" && typeof to === "string") addRedirect(from, to);
    else if (fieldOf(value, "missing") !== undefined) counts.missing += 1;
    else if (typeof id !== "string" || !/^[QPL][1-9]\d*$/.test(id)) {
      const what =
        typeof id === "string" ? `"${id.slice(0, 40)}" is not a Wikidata id` : "the entity has no id";
      reject(source, "ENTITY_INVALID", { what, expected: "an entity with an id such as Q42" });
    } else {
      if (requestedId !== undefined && requestedId !== id) addRedirect(requestedId, id);
      const number = itemNumber(id);
      if (number !== undefined) addItem(id, number, value, requestedId, source.line);
      else if (id.startsWith("Q"))
        reject(source, "ENTITY_INVALID", { what: `the number of ${id} is too large for a Wikidata item` });
    }
  };
  return {
    add(value, source) {
      for (const element of Array.isArray(value) ? value : [value]) {
        const object = objectOf(element);
        if (!Object.hasOwn(object, "entities")) addEntity(object, undefined, source);
        else {
          const responses = Object.entries(objectOf(object.entities));
          for (const [requestedId, entity] of responses) addEntity(objectOf(entity), requestedId, source);
        }
      }
    },
    label,
    reject,
    result: () => ({
      drafts,
      labels,
      redirects,
      taken: Uint32Array.from(taken),
      unlabelled: Uint32Array.from(unlabelled),
      needed: Uint32Array.from(needed),
      bad,
      counts,
    }),
  };
}

/** Returns the first id in the first 200 characters of a line, or undefined if there is none. */
export function idIn(text: string): string | undefined {
  return /"id":"([QPL]\d{1,10})"/.exec(text.slice(0, 200))?.[1];
}

type Item = Readonly<Record<string, unknown>>;

function isWanted(
  settings: WikidataSettings,
  number: number,
  item: Item,
  requestedId: string | undefined,
): boolean {
  const { ids, instanceOf } = settings;
  if (!isFiltered(settings)) return true;
  if (ids !== undefined) {
    const requested = requestedId === undefined ? undefined : itemNumber(requestedId);
    if (hasId(ids, number) || (requested !== undefined && hasId(ids, requested))) return true;
  }
  return instanceOf.length > 0 && namesAny(objectOf(item.claims), "P31", instanceOf);
}
