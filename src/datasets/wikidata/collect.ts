import type { ErrorCode } from "../../core/index.js";
import { MAX_NAME_LENGTH } from "../../formats/index.js";
import { draftOf } from "./draft.js";
import { hasId, itemNumber } from "./id-set.js";
import { fieldOf, objectOf } from "./json.js";
import { firstText } from "./item-json.js";
import { referencesOf } from "./resolve.js";
import type { BadLine, Counts } from "./scanned.js";
import { isFiltered, type WikidataSettings } from "./settings.js";
import { namesAny } from "./statements.js";

type Item = Readonly<Record<string, unknown>>;

/** A line and the beginning of its text. */
export interface At {
  readonly line: number;
  readonly text: string;
}

/** Gathers what values of a dump give. */
export interface Collector {
  /** An entity, a redirect, an answer of the service (`{"entities":{…}}`), or a list of these. */
  add(value: unknown, at: At): void;
  label(number: number, text: string): void;
  reject(at: At, code: ErrorCode, detail: BadLine["detail"]): void;
  readonly result: () => {
    readonly drafts: string;
    readonly labels: string;
    readonly redirects: string;
    readonly taken: Uint32Array<ArrayBuffer>;
    readonly needed: Uint32Array<ArrayBuffer>;
    readonly bad: readonly BadLine[];
    readonly counts: Counts;
  };
}

export function createCollector(settings: WikidataSettings): Collector {
  let [drafts, labels, redirects] = ["", "", ""];
  const taken: number[] = [];
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
  const redirect = (from: string, to: string): void => {
    const [old, now] = [itemNumber(from), itemNumber(to)];
    if (old === undefined || now === undefined) return;
    counts.redirects += 1;
    redirects += `${old}>${now}\n`;
  };
  const item = (id: string, number: number, value: Item, key: string | undefined, line: number): void => {
    const text = firstText(objectOf(value.labels), settings.languages);
    if (text !== undefined) label(number, text);
    if (!isWanted(settings, number, value, key)) return;
    const draft = draftOf(id, value, settings);
    if (draft === undefined) counts.nameless += 1;
    else {
      counts.taken += 1;
      taken.push(number);
      for (const reference of referencesOf(draft)) needed.add(reference);
      drafts += `${JSON.stringify([line, draft])}\n`;
    }
  };
  /** `key` is the id that the service was asked for. */
  const entity = (value: Item, key: string | undefined, at: At): void => {
    const { id, entity: from, redirect: to } = value;
    if (typeof from === "string" && typeof to === "string") redirect(from, to);
    else if (fieldOf(value, "missing") !== undefined) counts.missing += 1;
    else if (typeof id !== "string" || !/^[QPL][1-9]\d*$/.test(id)) {
      const what = typeof id === "string" ? `"${id.slice(0, 40)}" is no id of Wikidata` : "there is no id";
      reject(at, "ENTITY_INVALID", { what, expected: "an entity with an id such as Q42" });
    } else {
      if (key !== undefined && key !== id) redirect(key, id);
      const number = itemNumber(id);
      if (number !== undefined) item(id, number, value, key, at.line);
      else if (id.startsWith("Q"))
        reject(at, "ENTITY_INVALID", { what: `${id} is no id that Wikidata gives` });
    }
  };
  return {
    add(value, at) {
      for (const one of Array.isArray(value) ? value : [value]) {
        const object = objectOf(one);
        if (!Object.hasOwn(object, "entities")) entity(object, undefined, at);
        else {
          const answers = Object.entries(objectOf(object.entities));
          for (const [key, answer] of answers) entity(objectOf(answer), key, at);
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
      needed: Uint32Array.from(needed),
      bad,
      counts,
    }),
  };
}

/** The id that the beginning of a line tells. */
export function idIn(text: string): string | undefined {
  return /"id":"([QPL]\d{1,10})"/.exec(text.slice(0, 200))?.[1];
}

function isWanted(settings: WikidataSettings, number: number, item: Item, key: string | undefined): boolean {
  const { ids, instanceOf } = settings;
  if (!isFiltered(settings)) return true;
  if (ids !== undefined) {
    const asked = key === undefined ? undefined : itemNumber(key);
    if (hasId(ids, number) || (asked !== undefined && hasId(ids, asked))) return true;
  }
  return instanceOf.length > 0 && namesAny(objectOf(item.claims), "P31", instanceOf);
}
