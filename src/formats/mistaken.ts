/** What a reader expects in a file. */
export type Expected = "captions" | "entities" | "links";

/** Options with which commands read tables. */
const TABLE_OPTION = { captions: "--input-format csv", entities: "--format csv", links: undefined } as const;

/** Hints for RDF in place of JSON Lines. */
const RDF_OPTION = {
  captions: "If the file is NIF, add `--input-format nif`.",
  entities: "If the file is Turtle or N-Triples, add `--format rdf`.",
  links: undefined,
} as const;

const JQ = "Write each object on one line, for example with";

/** Returns a hint if a line that is not JSON looks like the first line of a file in another format. */
export function hintForText(line: string, expected: Expected): string | undefined {
  const text = line.replace(/^\ufeff/, "").trim();
  if (text.startsWith("[")) return `${JQ} \`jq -c '.[]'\`.`;
  if (text === "{") return `${JQ} \`jq -c .\`.`;
  if (text.startsWith("{")) return undefined;
  if (/^(?:@prefix\b|@base\b|prefix\b|base\b|<[a-z]+:)/i.test(text)) return RDF_OPTION[expected];
  const option = TABLE_OPTION[expected];
  return option !== undefined && /[,;\t|]/.test(text)
    ? `If the file is a table, add \`${option}\`.`
    : undefined;
}

/** Returns a hint if an invalid record looks like a record of another kind, or like a list of records. */
export function hintForRecord(wire: unknown, expected: Expected): string | undefined {
  if (Array.isArray(wire)) return `${JQ} \`jq -c '.[]'\`.`;
  if (typeof wire !== "object" || wire === null) return undefined;
  const isEntity = "label" in wire && !("text" in wire);
  const isCaption = "text" in wire && !("label" in wire) && !("model" in wire);
  if (expected !== "entities" && isEntity)
    return "If the file contains entities, import it with `mmel kb import`.";
  if (expected !== "captions" && isCaption)
    return "If the file contains captions, link them with `mmel link`.";
  return undefined;
}
