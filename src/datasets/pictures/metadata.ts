import { isCameraText } from "./camera-text.js";
import { type Alternative, alternatives, plain, texts } from "./fields.js";
import { distinctNames, peopleIn } from "./people.js";
import { type Fields, readMetadata } from "./read-metadata.js";

/** The text fields of a picture, without texts that a camera writes. */
export interface PictureText {
  readonly description?: string;
  readonly headline?: string;
  /** Names of the people shown. */
  readonly persons: readonly string[];
  /** Language of the description (BCP 47). If it is not stated, the only language that the XMP lists. */
  readonly language?: string;
}

export interface PictureTextOptions {
  /** Preferred language of the description (BCP 47). */
  readonly language?: string | undefined;
  /** XMP fields of the picture's sidecars, in order of precedence. */
  readonly sidecars?: readonly Fields[];
}

/**
 * Reads the text fields of a picture. If a field occurs several times, sidecars take precedence over the picture's XMP,
 * XMP over IPTC, and IPTC over EXIF. However, an XMP description in the preferred language takes precedence over all
 * others. The people are those in all sidecars and in the picture's XMP. Throws the errors of `readMetadata`.
 */
export async function readPictureText(
  bytes: Buffer,
  { language, sidecars = [] }: PictureTextOptions = {},
): Promise<PictureText> {
  const { xmp = {}, iptc = {}, exif = {} } = await readMetadata(bytes);
  const packets = [...sidecars, xmp];
  const camera = { make: plain(exif.Make), model: plain(exif.Model) };
  const isWritten = (text: string): boolean => !isCameraText(text, camera);
  const written = (...all: readonly (string | undefined)[]): string | undefined =>
    all.find((text) => text !== undefined && isWritten(text));

  const described = packets.map((packet) =>
    alternatives(packet.description).filter(({ text }) => isWritten(text)),
  );
  const chosen = chooseAlternative(described, language);
  const description = chosen?.text ?? written(plain(iptc["Caption/Abstract"]), plain(exif.ImageDescription));
  const headline = written(...packets.flatMap(({ Headline }) => texts(Headline)), plain(iptc.Headline));
  const spoken = [chosen?.lang, ...packets.map((packet) => soleText(packet.language))].find(isLanguage);
  return {
    ...(description !== undefined && { description }),
    ...(headline !== undefined && { headline }),
    persons: distinctNames(packets.flatMap(peopleIn)),
    ...(spoken !== undefined && { language: spoken }),
  };
}

/**
 * Returns the first text in the wanted language. `packets` contains the texts of each sidecar and of the picture's XMP.
 * If no text is in the wanted language, uses the first packet that has any text: returns its default text (`x-default`)
 * or else its first text.
 */
function chooseAlternative(
  packets: readonly (readonly Alternative[])[],
  language: string | undefined,
): Alternative | undefined {
  const wanted = packets.flat().find(({ lang }) => language !== undefined && matches(lang, language));
  const first = packets.find(({ length }) => length > 0);
  return wanted ?? first?.find(({ lang }) => lang === "x-default") ?? first?.[0];
}

function soleText(field: Fields[string]): string | undefined {
  const [first, ...others] = texts(field);
  return others.length === 0 ? first : undefined;
}

const LANGUAGE = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i;

const isLanguage = (text: string | undefined): boolean =>
  text !== undefined && text !== "x-default" && LANGUAGE.test(text);

const matches = (lang: string, wanted: string): boolean =>
  `${lang.toLowerCase()}-`.startsWith(`${wanted.toLowerCase()}-`);
