import { commonsAddress, type Entity } from "../../core/index.js";
import { MAX_NAME_LENGTH } from "../../formats/index.js";
import { fieldOf, objectOf, textOf } from "./json.js";
import { allTexts, firstText } from "./item-json.js";
import { type DraftProperty, draftProperties } from "./properties.js";
import type { WikidataSettings } from "./settings.js";
import { bestValues } from "./statements.js";

/** An entity whose references to other items are not resolved to labels yet. */
export interface Draft extends Omit<Entity, "properties"> {
  readonly properties: readonly DraftProperty[];
}

/** P18: the image of an item, as the name of a file on Wikimedia Commons. */
const IMAGE = "P18";

/**
 * What an item of the dump becomes, references left open. Undefined when it has no name in any of the languages.
 * Nicknames and labels of the other languages are aliases too. `item` has been checked to be an object with this id.
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
  const properties = draftProperties(claims, settings);
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

function nicknames(properties: readonly DraftProperty[]): string[] {
  const [, values = []] = properties.find(([name]) => name === "nickname") ?? [];
  return values.flatMap((parts) => parts.filter((part): part is string => typeof part === "string"));
}
