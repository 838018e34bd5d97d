import type { Field, Fields } from "./read-metadata.js";

/** A text of an XMP field and its language; `x-default` if the field does not state a language. */
export interface Alternative {
  readonly text: string;
  readonly lang: string;
}

/** Returns the texts of an XMP field in all languages, in NFC, without blank texts. */
export function alternatives(field: Field | undefined): Alternative[] {
  return itemsOf(field).flatMap((item) => {
    const text = typeof item?.value === "string" ? cleaned(item.value) : "";
    const lang = typeof item?.attributes?.lang === "string" ? item.attributes.lang : "x-default";
    return text === "" ? [] : [{ text, lang }];
  });
}

/** Returns the texts of an XMP field in all languages. */
export const texts = (field: Field | undefined): string[] => alternatives(field).map(({ text }) => text);

/** Returns the structures that a field contains. */
export function structures(field: Field | undefined): Fields[] {
  if (!Array.isArray(field?.value)) return [];
  return (field.value as unknown[]).filter((item) => typeof item === "object" && item !== null) as Fields[];
}

/** Returns the field `name` of a structure. */
export function within(field: Field | undefined, name: string): Field | undefined {
  const value = field?.value;
  return typeof value === "object" && value !== null ? (value as Fields)[name] : undefined;
}

/** Returns the text of an IPTC or EXIF field, or undefined if the text is blank. */
export function plain(field: Field | undefined): string | undefined {
  const text = typeof field?.description === "string" ? cleaned(field.description) : "";
  return text === "" ? undefined : text;
}

const itemsOf = (field: Field | undefined): readonly (Field | undefined)[] =>
  Array.isArray(field?.value) ? (field.value as readonly Field[]) : [field];

const cleaned = (text: string): string => text.replaceAll("\0", "").trim().normalize("NFC");
