import { structures, texts, within } from "./fields.js";
import type { Fields } from "./read-metadata.js";

/**
 * Returns the names of the people that XMP lists for a picture:
 * - Person Shown in the Image, with and without details, and people in image regions (IPTC Photo Metadata Standard
 *   2023.2, section 9);
 * - face regions (Metadata Working Group, Guidelines for Handling Image Metadata 2.0, section 5.9);
 * - regions of Microsoft's People Tagging (`MP:RegionInfo`).
 */
export function peopleIn(xmp: Fields): string[] {
  return [
    ...texts(xmp.PersonInImage),
    ...structures(xmp.PersonInImageWDetails).flatMap(({ PersonName }) => texts(PersonName).slice(0, 1)),
    ...structures(xmp.ImageRegion).flatMap(({ PersonInImage }) => texts(PersonInImage)),
    ...structures(within(xmp.Regions, "RegionList")).flatMap(faceName),
    ...structures(within(xmp.RegionInfo, "Regions")).flatMap(({ PersonDisplayName }) =>
      texts(PersonDisplayName),
    ),
  ];
}

/**
 * Returns a list with the name of a face region (Metadata Working Group), or an empty list for other regions, such as
 * pets, bar codes and focus areas.
 */
const faceName = ({ Type, Name }: Fields): string[] =>
  texts(Type).some((type) => type.toLowerCase() === "face") ? texts(Name).slice(0, 1) : [];

/** Removes blank names, extra white space and repeated names. Names that differ only in case count as repeated. */
export function distinctNames(names: readonly string[]): string[] {
  const distinct = new Map<string, string>();
  for (const name of names) {
    const text = name.replace(/\s+/g, " ").trim();
    if (text !== "" && !distinct.has(text.toLowerCase())) distinct.set(text.toLowerCase(), text);
  }
  return [...distinct.values()];
}
