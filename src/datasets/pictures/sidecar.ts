import { type CaptionLinks, MmelError } from "../../core/index.js";
import { writeAtomically } from "../../formats/index.js";
import type { Fields } from "./read-metadata.js";
import { readSidecarText, sidecarFields } from "./sidecar-file.js";

/** A person shown in a picture. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Maps the path of each picture to the people who are linked in its captions. */
export type PersonsByImage = ReadonlyMap<string, readonly Person[]>;

interface PersonOptions {
  /** Returns the picture of a caption, given the caption's id, or undefined if the caption has no picture. */
  readonly imageOf: (caption: string) => string | undefined;
  /** Minimum probability of a link. If it is above 0, links without a probability are ignored too. Default: 0. */
  readonly minProbability?: number;
}

/**
 * Collects the linked entities of each picture, in order and without duplicates. Needs about 200 bytes of memory for
 * each picture and for each link.
 */
export async function personsByImage(
  links: AsyncIterable<CaptionLinks>,
  { imageOf, minProbability = 0 }: PersonOptions,
): Promise<PersonsByImage> {
  const images = new Map<string, Person[]>();
  for await (const { id, mentions } of links) {
    const image = imageOf(id);
    if (image === undefined) continue;
    const persons = images.get(image) ?? [];
    images.set(image, persons);
    for (const { entity, probability } of mentions) {
      if (entity === null || (minProbability > 0 && !((probability ?? 0) >= minProbability))) continue;
      if (!persons.some((person) => person.id === entity.id))
        persons.push({ id: entity.id, name: entity.label });
    }
  }
  return images;
}

/**
 * Writes the people shown in a picture into its XMP sidecar `PICTURE.xmp` (such as `photo.jpg.xmp`), as the property
 * PersonInImageWDetails. Keeps everything else in an existing sidecar. Replaces an old sidecar only after verifying
 * that the new sidecar can be read. Returns `unchanged` if the sidecar already contains these people, and `none` if
 * there are no people and no sidecar. Throws `FORMAT` if the sidecar cannot be changed safely, `FILE_UNREADABLE` if it
 * cannot be read, `FILE_UNWRITABLE` if it cannot be written, and `PATH_OUTSIDE` if it is not a regular file.
 */
export async function writeSidecar(
  picture: string,
  persons: readonly Person[],
): Promise<"written" | "unchanged" | "none"> {
  const path = `${picture}.xmp`;
  const before = await readSidecarText(path);
  if (before === undefined && persons.length === 0) return "none";
  const fields = before === undefined ? undefined : await sidecarFields(before);
  const after = before === undefined ? newSidecar(persons) : mergeSidecar(before, persons);
  if (after === before) return "unchanged";
  await assertReadable(fields, after, persons);
  await writeAtomically(path, [after]);
  return "written";
}

/**
 * Verifies that an XMP reader can read the new sidecar `after`. Throws `FORMAT` if the reader finds the wrong number of
 * people, or if any other field differs from `before`, the fields of the old sidecar.
 */
async function assertReadable(
  before: Fields | undefined,
  after: string,
  persons: readonly Person[],
): Promise<void> {
  const { PersonInImageWDetails: details, ...others } = await sidecarFields(after);
  const found = Array.isArray(details?.value) ? details.value.length : 0;
  if (found !== persons.length)
    throw unmergeable("an XMP reader would not find the people in the new sidecar");
  if (before === undefined) return;
  const { PersonInImageWDetails: _, ...earlier } = before;
  if (JSON.stringify(earlier) !== JSON.stringify(others))
    throw unmergeable("an XMP reader would not find all of the existing content in the new sidecar");
}

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";

/** The namespace declaration that marks the element that we write. Nothing in the element uses the namespace. */
const OUR_NAMESPACE = 'xmlns:mmel="urn:mmel:"';
const OUR_ELEMENT = new RegExp(
  `(?<![ \\t])[ \\t]*<rdf:Description rdf:about="[^"]*" ${OUR_NAMESPACE} [^<>]*[^<>/]>[\\s\\S]*?</rdf:Description>\\n?`,
);
const RDF_END = /(?<![ \t])[ \t]*<\/rdf:RDF>/g;

/** Returns whether `writeSidecar` wrote the people (PersonInImageWDetails) in the text of a sidecar. */
export const hasLinkedPeople = (text: string): boolean => text.includes(OUR_NAMESPACE);

function newSidecar(persons: readonly Person[]): string {
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="mmel">
 <rdf:RDF xmlns:rdf="${RDF}">
${description(persons, "")} </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
`;
}

/**
 * Replaces the people that we wrote earlier with `persons`, and returns the new text of the sidecar. Everything else is
 * kept byte for byte. Throws `FORMAT` if this is not safe.
 */
function mergeSidecar(text: string, persons: readonly Person[]): string {
  if (/<!DOCTYPE|<!--|<!\[CDATA\[/i.test(text)) throw unmergeable("it contains a DOCTYPE, comments or CDATA");
  const others = text.replace(OUR_ELEMENT, "");
  if (/PersonInImageWDetails/.test(others))
    throw unmergeable(
      "another program has already written people to it",
      "an XMP sidecar without people from another program",
    );
  const ends = [...others.matchAll(RDF_END)];
  if (ends.length !== 1 || !others.includes(RDF)) throw unmergeable("it is not XMP with exactly one rdf:RDF");
  if (persons.length === 0) return others;
  const [, quoted, single] = /rdf:about\s*=\s*(?:"([^"]*)"|'([^'"]*)')/.exec(others) ?? [];
  const about = quoted ?? single ?? "";
  const position = ends[0]!.index;
  return `${others.slice(0, position)}${description(persons, about)}${others.slice(position)}`;
}

/** Returns the rdf:Description element for people. `about` is copied from the sidecar and already escaped. */
function description(persons: readonly Person[], about: string): string {
  return `  <rdf:Description rdf:about="${about}" ${OUR_NAMESPACE} xmlns:Iptc4xmpExt="${EXT}">
   <Iptc4xmpExt:PersonInImageWDetails>
    <rdf:Bag>
${persons.map(personItem).join("")}    </rdf:Bag>
   </Iptc4xmpExt:PersonInImageWDetails>
  </rdf:Description>
`;
}

const personItem = ({ id, name }: Person): string => `     <rdf:li rdf:parseType="Resource">
      <Iptc4xmpExt:PersonId><rdf:Bag><rdf:li>${escapeXml(id)}</rdf:li></rdf:Bag></Iptc4xmpExt:PersonId>
      <Iptc4xmpExt:PersonName><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(name)}</rdf:li></rdf:Alt></Iptc4xmpExt:PersonName>
     </rdf:li>
`;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#13;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** Escapes text for XML 1.0. Characters that XML cannot represent become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"'\r\n\t]/g, (character) => ESCAPES[character]!)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}

/** Returns the error for a sidecar that cannot be changed safely; `why` is a clause. */
function unmergeable(why: string, expected?: string): MmelError {
  return new MmelError("FORMAT", {
    what: `the sidecar was not changed: ${why}`,
    expected,
    hint: "Move the sidecar to another folder and run the command again.",
  });
}
