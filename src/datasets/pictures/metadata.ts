import { MmelError } from "../../core/index.js";

/** The text fields of a picture. If a field occurs several times, XMP is preferred to IPTC, and IPTC to EXIF. */
export interface PictureText {
  readonly description?: string;
  readonly headline?: string;
  /** Names of the people shown. */
  readonly persons: readonly string[];
  /** Language of the description (BCP 47). */
  readonly language?: string;
}

/** Maximum length of a picture's XMP in bytes. The parsed objects need many times as much memory. */
const MAX_XMP = 4 << 20;

/**
 * Reads the text fields of a picture. Decompresses nothing, so the memory needed is limited by the picture's size. `language`
 * is the preferred language of the description. Throws `IMAGE_UNREADABLE` if the bytes are damaged or are not a picture, and
 * `IMAGE_TOO_LARGE` if the picture contains too much XMP.
 */
export async function readPictureText(bytes: Buffer, language?: string): Promise<PictureText> {
  assertXmpSize(bytes);
  const { xmp = {}, iptc = {}, exif = {} } = await load(bytes);
  const described = alternatives(xmp.description);
  const chosen =
    described.find(({ lang }) => language !== undefined && matches(lang, language)) ??
    described.find(({ lang }) => lang === "x-default") ??
    described[0];
  const description = chosen?.text ?? plain(iptc["Caption/Abstract"]) ?? plain(exif.ImageDescription);
  const headline = alternatives(xmp.Headline)[0]?.text ?? plain(iptc.Headline);
  const spoken = languageOf(chosen?.lang) ?? languageOf(soleText(xmp.language));
  return {
    ...(description !== undefined && { description }),
    ...(headline !== undefined && { headline }),
    persons: [...new Set([...texts(xmp.PersonInImage), ...detailedNames(xmp.PersonInImageWDetails)])],
    ...(spoken !== undefined && { language: spoken }),
  };
}

/** A field as returned by exifreader: text, a list of fields, or a list of structures. */
interface Field {
  readonly value?: unknown;
  readonly description?: unknown;
  readonly attributes?: { readonly lang?: unknown };
}
type Group = Readonly<Record<string, Field>>;

async function load(bytes: Buffer): Promise<{ xmp?: Group; iptc?: Group; exif?: Group }> {
  const { default: reader } = await import("exifreader");
  try {
    return reader.load(bytes, { expanded: true }) as unknown as Record<string, Group>;
  } catch (cause) {
    throw new MmelError("IMAGE_UNREADABLE", {
      what: `the file is not a picture, or it is damaged (${cause instanceof Error ? cause.message : String(cause)})`,
      expected: "JPEG, TIFF, PNG, WebP, HEIC or AVIF",
      cause,
    });
  }
}

function assertXmpSize(bytes: Buffer): void {
  const start = bytes.indexOf("<x:xmpmeta");
  const size = bytes.lastIndexOf("</x:xmpmeta>") - start;
  if (start < 0 || size <= MAX_XMP) return;
  throw new MmelError("IMAGE_TOO_LARGE", {
    what: `the picture's XMP is too large: ${size} bytes`,
    expected: `at most ${MAX_XMP} bytes`,
  });
}

/** Returns the texts of a field in all languages, without blank texts. */
function alternatives(field: Field | undefined): { readonly text: string; readonly lang: string }[] {
  const values = Array.isArray(field?.value) ? (field.value as readonly Field[]) : [field];
  return values.flatMap((item) => {
    const text = typeof item?.value === "string" ? item.value.trim() : "";
    const lang = typeof item?.attributes?.lang === "string" ? item.attributes.lang : "x-default";
    return text === "" ? [] : [{ text, lang }];
  });
}

const texts = (field: Field | undefined): string[] => alternatives(field).map(({ text }) => text);

function soleText(field: Field | undefined): string | undefined {
  const [first, ...others] = texts(field);
  return others.length === 0 ? first : undefined;
}

function detailedNames(field: Field | undefined): string[] {
  const people = Array.isArray(field?.value) ? (field.value as readonly Group[]) : [];
  return people.flatMap((person) => texts(person?.PersonName).slice(0, 1));
}

/** Returns the text of an IPTC or EXIF field, which exifreader provides as `description`. */
function plain(field: Field | undefined): string | undefined {
  const text = typeof field?.description === "string" ? field.description.replaceAll("\0", "").trim() : "";
  return text === "" ? undefined : text;
}

const LANGUAGE = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i;

const languageOf = (text: string | undefined): string | undefined =>
  text !== undefined && text !== "x-default" && LANGUAGE.test(text) ? text : undefined;

const matches = (lang: string, wanted: string): boolean =>
  `${lang.toLowerCase()}-`.startsWith(`${wanted.toLowerCase()}-`);
