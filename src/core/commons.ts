/** Where Wikimedia Commons hands out a file by its name. */
export const COMMONS_FILES = "https://commons.wikimedia.org/wiki/Special:FilePath/";

/** The address of a file on Wikimedia Commons, as Wikidata writes it: `…/Special:FilePath/Francis%20Condon.jpg`. */
export function commonsAddress(name: string): string {
  return COMMONS_FILES + encodeURIComponent(name);
}

/**
 * The path below the images folder at which an entity's image lies. A file of Wikimedia Commons, kept as its address, lies
 * where `mmel kb fetch-images` puts it: `commons/Francis_Condon.jpg`. Any other path is itself.
 */
export function localImage(image: string): string {
  if (!image.startsWith(COMMONS_FILES)) return image;
  const name = decoded(image.slice(COMMONS_FILES.length));
  const safe = name.replace(/[\s_]+/g, "_").replace(/^\.+|[/\\:*?"<>|\p{Cc}]/gu, "-");
  return `commons/${safe === "" ? "-" : shortened(safe)}`;
}

/** Bytes of the longest name that file systems take. */
const LONGEST_NAME = 255;

/** Names on Commons have at most 240 bytes; one that is longer all the same keeps its beginning. */
function shortened(name: string): string {
  if (name.length * 3 <= LONGEST_NAME) return name;
  let short = name;
  while (new TextEncoder().encode(short).length > LONGEST_NAME) short = short.slice(0, -1);
  return short;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
