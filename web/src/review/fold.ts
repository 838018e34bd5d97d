/** Returns a text without case, accents and repeated spaces, to compare names and to search in texts. */
export const foldName = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/\s+/gu, " ")
    .trim();
