import { fileLines } from "../files/index.js";
import type { RowPreview } from "./fields.js";

export const isJsonLines = ({ name }: File): boolean => /\.(jsonl|ndjson|json)(\.gz)?$/i.test(name);

/** Number of entities that a preview shows. */
const SHOWN = 5;

/** Returns the first entities of a JSON Lines file, and what is wrong with its first lines. */
export async function firstEntities(file: File): Promise<{ records: RowPreview[]; problems: string[] }> {
  const records: RowPreview[] = [];
  const problems: string[] = [];
  let line = 0;
  for await (const text of fileLines(file)) {
    line++;
    if (text.trim() === "") continue;
    const record = parse(text);
    if (record === undefined) problems.push(`Line ${line} is not an entity with an id and a label.`);
    else records.push(record);
    if (records.length + problems.length >= SHOWN) break;
  }
  if (line === 0) problems.push("The file is empty.");
  return { records, problems };
}

function parse(text: string): RowPreview | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { id, label, labels, aliases, description, properties } = value as Readonly<Record<string, unknown>>;
  const title = label ?? Object.values((labels as object | undefined) ?? {})[0];
  if (typeof id !== "string" || typeof title !== "string") return undefined;
  const facts = [
    { name: "Other names", values: listOf(aliases) },
    { name: "Description", values: listOf(description) },
    ...Object.entries((properties as object | undefined) ?? {}).map(([name, values]) => ({
      name,
      values: listOf(values),
    })),
  ];
  return { title, id, facts: facts.filter(({ values }) => values.length > 0) };
}

const listOf = (value: unknown): string[] =>
  [value].flat().filter((one): one is string => typeof one === "string" && one !== "");
