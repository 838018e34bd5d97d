import sharp from "sharp";

const red = () => sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } });

/** An XMP packet with these elements; declares the namespaces of picture metadata. */
export const xmp = (body: string): string =>
  `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
 xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:MP="http://ns.microsoft.com/photo/1.2/"
 xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#" xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#">${body}</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`;

export const described = (...texts: readonly (readonly [lang: string, text: string])[]): string =>
  `<dc:description><rdf:Alt>${texts.map(([lang, text]) => `<rdf:li xml:lang="${lang}">${text}</rdf:li>`).join("")}</rdf:Alt></dc:description>`;

export const shown = (...names: readonly string[]): string =>
  `<Iptc4xmpExt:PersonInImage><rdf:Bag>${names.map((name) => `<rdf:li>${name}</rdf:li>`).join("")}</rdf:Bag></Iptc4xmpExt:PersonInImage>`;

/** The equivalent forms of a structure in RDF/XML: as a resource, as a nested element with elements or attributes, and as attributes. */
export const RDF_FORMS = ["resource", "elements", "attributes", "compact"] as const;

type Form = (typeof RDF_FORMS)[number];
type Structure = Readonly<Record<string, string>>;

/** A list of structures in one of the forms of RDF. */
function bag(form: Form, all: readonly Structure[]): string {
  const elements = (one: Structure): string =>
    Object.entries(one)
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join("");
  const attributes = (one: Structure): string =>
    Object.entries(one)
      .map(([name, value]) => ` ${name}="${value}"`)
      .join("");
  const item = {
    resource: (one: Structure) => `<rdf:li rdf:parseType="Resource">${elements(one)}</rdf:li>`,
    elements: (one: Structure) => `<rdf:li><rdf:Description>${elements(one)}</rdf:Description></rdf:li>`,
    attributes: (one: Structure) =>
      `<rdf:li><rdf:Description${attributes(one)}><mwg-rs:Area stArea:x="0.5" stArea:y="0.5"/></rdf:Description></rdf:li>`,
    compact: (one: Structure) => `<rdf:li${attributes(one)}/>`,
  }[form];
  return `<rdf:Bag>${all.map(item).join("")}</rdf:Bag>`;
}

/** Regions of the Metadata Working Group, given the type and the name of each. */
export const regions = (
  all: readonly (readonly [type: string, name: string])[],
  form: Form = "resource",
): string =>
  `<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList>${bag(
    form,
    all.map(([type, name]) => ({ "mwg-rs:Name": name, "mwg-rs:Type": type })),
  )}</mwg-rs:RegionList></mwg-rs:Regions>`;

/** Face regions of Microsoft. */
export const microsoftRegions = (names: readonly string[], form: Form = "resource"): string =>
  `<MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions>${bag(
    form,
    names.map((name) => ({ "MPReg:PersonDisplayName": name, "MPReg:Rectangle": "0.1, 0.1, 0.2, 0.2" })),
  )}</MPRI:Regions></MP:RegionInfo>`;

export const headline = (text: string): string => `<photoshop:Headline>${text}</photoshop:Headline>`;

export const jpeg = (body?: string): Promise<Buffer> =>
  (body === undefined ? red() : red().withXmp(xmp(body))).jpeg().toBuffer();

export const webp = (body: string): Promise<Buffer> => red().withXmp(xmp(body)).webp().toBuffer();

export const jpegWithExif = (
  ImageDescription: string,
  others: Readonly<Record<string, string>> = {},
): Promise<Buffer> =>
  red()
    .withExif({ IFD0: { ImageDescription, ...others } })
    .jpeg()
    .toBuffer();

/** A JPEG with an IPTC record in an APP13 segment; `fields` are the data sets of record 2 by number, in UTF-8. */
export async function jpegWithIptc(fields: Readonly<Record<number, string>>): Promise<Buffer> {
  const dataSet = (record: number, number: number, value: Buffer): Buffer => {
    const head = Buffer.from([0x1c, record, number, 0, 0]);
    head.writeUInt16BE(value.length, 3);
    return Buffer.concat([head, value]);
  };
  const iptc = Buffer.concat([
    dataSet(1, 90, Buffer.from("\x1b%G")),
    ...Object.entries(fields).map(([number, value]) => dataSet(2, Number(number), Buffer.from(value))),
  ]);
  const resource = Buffer.concat([
    Buffer.from("Photoshop 3.0\0" + "8BIM\x04\x04\0\0", "latin1"),
    Buffer.alloc(4),
    iptc,
    Buffer.alloc(iptc.length % 2),
  ]);
  resource.writeUInt32BE(iptc.length, 22);
  const segment = Buffer.concat([Buffer.from([0xff, 0xed, 0, 0]), resource]);
  segment.writeUInt16BE(resource.length + 2, 2);
  const plain = await jpeg();
  return Buffer.concat([plain.subarray(0, 2), segment, plain.subarray(2)]);
}
