import "./without-eval.js"; // must run before the schemas are created
import type { ZodType } from "zod";
import { captionSchema, linksSchema } from "../../../src/formats/wire.js";
import { detected } from "../review/links.js";
import { inOrder } from "../review/marks.js";
import type { Item, Linking, Linkings, WireLinks } from "../review/types.js";
import { itemFromWire } from "./captions.js";

/** An invalid line in a file. `line` is the line number, from 1. */
export interface BadLine {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** The records in a file of captions, links or both. */
export interface FileContents {
  readonly items: readonly Item[];
  readonly links: readonly WireLinks[];
  readonly bad: readonly BadLine[];
}

/** Parses JSON Lines of captions, links or both. Invalid lines are skipped and returned in `bad`. */
export async function readRecords(name: string, lines: AsyncIterable<string>): Promise<FileContents> {
  const items: Item[] = [];
  const links: WireLinks[] = [];
  const bad: BadLine[] = [];
  let line = 0;
  for await (const text of lines) {
    line++;
    if (text.trim() === "") continue;
    try {
      const value: unknown = JSON.parse(text);
      if (isLinks(value)) links.push(parse(linksSchema, value));
      else items.push(readCaption(value));
    } catch (error) {
      bad.push({ file: name, line, reason: reasonOf(error) });
    }
  }
  return { items, links, bad };
}

/** Converts a caption to an item. Throws an error if the caption is invalid. */
export const readCaption = (value: unknown): Item => itemFromWire(parse(captionSchema, value));

/** Returns whether a record contains links. Records with links have a `model` and a `kb`, unlike captions. */
const isLinks = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "mentions" in value && "model" in value && "kb" in value;

function parse<T>(schema: ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`${(issue?.path ?? []).join(".")} ${issue?.message ?? "is invalid"}`.trim());
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return "is not JSON";
  return error instanceof Error ? error.message : String(error);
}

/** Captions and their links. */
export interface Joined {
  readonly items: readonly Item[];
  readonly linkings: Linkings;
  /** Links without a matching caption. They cannot be shown, since links do not contain the caption's text. */
  readonly orphans: readonly WireLinks[];
}

/**
 * Joins captions and links by id. If a caption has no names, the mentions in its links become its marks. Links that do
 * not match the caption's text are ignored.
 */
export function joinLinks(items: readonly Item[], links: readonly WireLinks[]): Joined {
  const byId = new Map(links.map((record) => [record.id, record]));
  const linkings = new Map<string, Linking>();
  const joined = items.map((item) => {
    const found = byId.get(item.id);
    if (found === undefined || !fitsCaption(item, found)) return item;
    linkings.set(item.id, { status: "done", links: found });
    return item.marks.length > 0 ? item : { ...item, marks: inOrder(detected(found.mentions)) };
  });
  const known = new Set(items.map(({ id }) => id));
  return { items: joined, linkings, orphans: links.filter(({ id }) => !known.has(id)) };
}

/**
 * Returns whether links match a caption's text. Links match if the text at each mention's offsets is the mention's
 * text. Mentions without offsets always match.
 */
export const fitsCaption = ({ text }: Item, { mentions }: WireLinks): boolean =>
  mentions.every(
    (mention) => mention.start === undefined || text.slice(mention.start, mention.end) === mention.text,
  );
