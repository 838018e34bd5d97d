import { commonsAddress, type Entity } from "../../core/index.js";
import { MAX_NAME_LENGTH } from "../../formats/index.js";
import { allTexts, fieldOf, firstText, objectOf, textOf } from "./item-json.js";
import type { WikidataSettings } from "./settings.js";
import { bestValues, type DraftProperty, draftProperties, type Part } from "./statements.js";

/** An entity in which references to other items have not been replaced with labels yet. */
export interface Draft extends Omit<Entity, "properties"> {
  readonly properties: readonly DraftProperty[];
}

/** P18, the property for an item's image. Its value is the name of a file on Wikimedia Commons. */
const IMAGE = "P18";

/**
 * Creates a draft of an item. `id` is the item's id, and `item` is the JSON object with its data. The aliases of the
 * draft are the item's other labels and its aliases (in the chosen languages and `mul`), and its nicknames. Returns
 * undefined if the item has no label in the chosen languages, `mul` or English, or if the label is too long.
 */
export function draftOf(
  id: string,
  item: Readonly<Record<string, unknown>>,
  settings: WikidataSettings,
): Draft | undefined {
  const { languages } = settings;
  const labels = objectOf(item.labels);
  const label = firstText(labels, languages);
  if (label === undefined || label.length > MAX_NAME_LENGTH) return undefined;
  const description = firstText(objectOf(item.descriptions), languages);
  const claims = objectOf(item.claims);
  const properties = [
    ...draftProperties(claims, settings),
    ...otherDescriptions(objectOf(item.descriptions), languages, description),
  ];
  const aliases = [
    ...allTexts(labels, languages),
    ...allTexts(objectOf(item.aliases), languages),
    ...nicknames(properties),
  ];
  return {
    id,
    label,
    aliases: [...new Set(aliases)].filter((name) => name !== label && name.length <= MAX_NAME_LENGTH),
    ...(description !== undefined && { description }),
    properties,
    images: bestValues(claims, IMAGE).flatMap(({ value }) => {
      const name = textOf(value);
      return name === undefined ? [] : commonsAddress(name);
    }),
    popularity: Object.keys(objectOf(fieldOf(item, "sitelinks"))).length,
    url: `https://www.wikidata.org/wiki/${id}`,
  };
}

/**
 * Returns the descriptions in the chosen languages other than `description`, as properties such as `description.de`.
 */
function otherDescriptions(
  descriptions: Readonly<Record<string, unknown>>,
  languages: readonly string[],
  description: string | undefined,
): DraftProperty[] {
  return languages.flatMap((language): DraftProperty[] => {
    const text = textOf(objectOf(fieldOf(descriptions, language)).value);
    return text === undefined || text === description ? [] : [[`description.${language}`, [[text]]]];
  });
}

function nicknames(properties: readonly DraftProperty[]): string[] {
  const [, values = []] = properties.find(([name]) => name === "nickname") ?? [];
  return values.flatMap((parts) => parts.filter((part): part is string => typeof part === "string"));
}

/** Returns the item numbers that a draft refers to: 31 for `Q31`. */
export function referencesOf({ properties }: Draft): number[] {
  return properties.flatMap(([, values]) =>
    values.flatMap((parts) => parts.filter((part): part is number => typeof part === "number")),
  );
}

/**
 * Replaces the references in a draft with labels. References without a label are dropped, and so are values that become
 * empty. Calls `onMissing` for each reference without a label.
 */
export function resolveDraft(
  draft: Draft,
  labelOf: (item: number) => string | undefined,
  onMissing?: (item: number) => void,
): Entity {
  const resolve = (part: Part): string | undefined => {
    if (typeof part === "string") return part;
    const label = labelOf(part);
    if (label === undefined) onMissing?.(part);
    return label;
  };
  const properties = draft.properties.flatMap(([name, values]): [string, string[]][] => {
    const texts = values.map((parts) => parts.flatMap((part) => resolve(part) ?? []).join(", "));
    const distinct = [...new Set(texts)].filter((text) => text !== "");
    return distinct.length > 0 ? [[name, distinct]] : [];
  });
  return { ...draft, properties: Object.fromEntries(properties) };
}
