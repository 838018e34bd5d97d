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
  return `commons/${name.replace(/[\s_]+/g, "_").replace(/[/\\:*?"<>|\0]/g, "-")}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
