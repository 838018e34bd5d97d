import { MmelError } from "../../core/index.js";
import type { Person } from "./persons.js";

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";

/** The opening of what we add: the namespace that it does not use says whose it is. */
const OURS = /[ \t]*<rdf:Description rdf:about="[^"]*" xmlns:mmel="urn:mmel:"[\s\S]*?<\/rdf:Description>\n?/;
const END = /[ \t]*<\/rdf:RDF>/g;

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

/** Text as XML 1.0 may hold it; what it cannot hold at all becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"'\r\n\t]/g, (character) => ESCAPES[character]!)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}

/** A sidecar for these persons and nothing else. */
export function newSidecar(persons: readonly Person[]): string {
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="mmel">
 <rdf:RDF xmlns:rdf="${RDF}">
${describe(persons, "")} </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
`;
}

/**
 * A sidecar with these persons in place of those we wrote before; all else stays, byte for byte. `FORMAT` for a file that
 * this cannot be done with safely.
 */
export function mergeSidecar(text: string, persons: readonly Person[]): string {
  if (/<!DOCTYPE|<!--|<!\[CDATA\[/i.test(text)) throw unmergeable("it holds a DOCTYPE, comments or CDATA");
  const others = text.replace(OURS, "");
  if (/PersonInImageWDetails/.test(others))
    throw unmergeable("another program has put persons with details into it");
  const ends = [...others.matchAll(END)];
  if (ends.length !== 1 || !others.includes(RDF)) throw unmergeable("it is no XMP with one rdf:RDF");
  if (persons.length === 0) return others;
  const [, quoted, single] = /rdf:about\s*=\s*(?:"([^"]*)"|'([^'"]*)')/.exec(others) ?? [];
  const about = quoted ?? single ?? "";
  const at = ends[0]!.index;
  return `${others.slice(0, at)}${describe(persons, about)}${others.slice(at)}`;
}

/** `about` stands in the file already and is escaped. */
function describe(persons: readonly Person[], about: string): string {
  return `  <rdf:Description rdf:about="${about}" xmlns:mmel="urn:mmel:" xmlns:Iptc4xmpExt="${EXT}">
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

export function unmergeable(why: string): MmelError {
  return new MmelError("FORMAT", {
    what: `the sidecar is left as it is: ${why}`,
    expected: "an XMP sidecar without persons of another program",
    hint: "moving it away",
  });
}
