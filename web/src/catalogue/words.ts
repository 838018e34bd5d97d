const PLURALS: Readonly<Record<string, string>> = { entity: "entities" };

/** Returns a number with its noun, such as "1 caption" or "1,200 entities". */
export const count = (number: number, noun: string): string =>
  `${number.toLocaleString("en")} ${number === 1 ? noun : (PLURALS[noun] ?? `${noun}s`)}`;
