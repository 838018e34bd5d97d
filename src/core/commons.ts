/** URL prefix of the files on Wikimedia Commons; the percent-encoded file name follows it. */
export const COMMONS_FILES = "https://commons.wikimedia.org/wiki/Special:FilePath/";

/**
 * Returns the URL of a file on Wikimedia Commons, in the format that Wikidata uses:
 * `…/Special:FilePath/Francis%20Condon.jpg`.
 */
export function commonsAddress(name: string): string {
  return COMMONS_FILES + encodeURIComponent(name);
}

/**
 * Returns the path of an entity's image relative to the images folder. For the URL of a Wikimedia Commons file, this is
 * the path where `mmel kb fetch-images` stores the file, such as `commons/Francis_Condon.jpg`. Any other value is
 * returned unchanged.
 */
export function localImage(image: string): string {
  if (!image.startsWith(COMMONS_FILES)) return image;
  const name = decoded(image.slice(COMMONS_FILES.length));
  const safe = name.replace(/[\s_]+/g, "_").replace(/^\.+|[/\\:*?"<>|\p{Cc}]/gu, "-");
  return `commons/${safe === "" ? "-" : shortened(safe)}`;
}

/** Maximum length of a file name, in bytes. */
const LONGEST_NAME = 255;

/**
 * Cuts a file name to `LONGEST_NAME` bytes before its extension, and never within a character. This is rarely necessary,
 * because names on Commons have at most 240 bytes.
 */
function shortened(name: string): string {
  const extension = /\.[^.]{1,10}$/u.exec(name)?.[0] ?? "";
  const stem = name.slice(0, name.length - extension.length);
  const encoder = new TextEncoder();
  const room = new Uint8Array(LONGEST_NAME - encoder.encode(extension).length);
  return stem.slice(0, encoder.encodeInto(stem, room).read) + extension;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
