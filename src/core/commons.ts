/** Wikimedia Commons serves the file NAME at this address + NAME. */
export const COMMONS_FILES = "https://commons.wikimedia.org/wiki/Special:FilePath/";

/** The address of a file on Wikimedia Commons, in Wikidata's form: `…/Special:FilePath/Francis%20Condon.jpg`. */
export function commonsAddress(name: string): string {
  return COMMONS_FILES + encodeURIComponent(name);
}

/**
 * The path of an entity's image below the images folder. For the address of a Wikimedia Commons file, the path to which
 * `mmel kb fetch-images` downloads it: `commons/Francis_Condon.jpg`. Any other path is returned unchanged.
 */
export function localImage(image: string): string {
  if (!image.startsWith(COMMONS_FILES)) return image;
  const name = decoded(image.slice(COMMONS_FILES.length));
  const safe = name.replace(/[\s_]+/g, "_").replace(/^\.+|[/\\:*?"<>|\p{Cc}]/gu, "-");
  return `commons/${safe === "" ? "-" : shortened(safe)}`;
}

/** Maximum length of a file name, in bytes. */
const LONGEST_NAME = 255;

/** The name cut to the maximum length. Names on Commons have at most 240 bytes, so this is rare. */
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
