/** The two texts of a pair, before any truncation. */
export const contextSentence = (mention: string, context: string): string =>
  `Mention: ${withoutFullStop(mention)}. Context: ${withoutFullStop(context)}.`;
export const entitySentence = (entity: string): string => `Entity: ${withoutFullStop(entity)}.`;

const withoutFullStop = (text: string): string => text.trimEnd().replace(/\.$/, "");
