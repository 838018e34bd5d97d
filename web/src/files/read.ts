import "./without-eval.js"; // before the schemas are made
import type { ZodType } from "zod";
import { captionSchema, linksSchema, type WireLinks } from "../../../src/formats/wire.js";
import type { Item } from "../review/types.js";
import { itemFromWire } from "./captions.js";

/** A line that could not be used, counted from 1, and why. */
export interface BadLine {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** What the lines of a captions file or a links file hold; one file may hold both. */
export interface FileContents {
  readonly items: readonly Item[];
  readonly links: readonly WireLinks[];
  readonly bad: readonly BadLine[];
}

/** Reads JSON Lines of captions, links, or both; a bad line is reported and the others go on. */
export function readFile(name: string, content: string): FileContents {
  const items: Item[] = [];
  const links: WireLinks[] = [];
  const bad: BadLine[] = [];
  content
    .replace(/^\uFEFF/, "")
    .split("\n")
    .forEach((text, at) => {
      if (text.trim() === "") return;
      try {
        const value: unknown = JSON.parse(text);
        if (isLinks(value)) links.push(checked(linksSchema, value));
        else items.push(itemFromWire(checked(captionSchema, value)));
      } catch (error) {
        bad.push({ file: name, line: at + 1, reason: reasonOf(error) });
      }
    });
  return { items, links, bad };
}

/** Links have no text of their own, and their mentions an outcome. */
const isLinks = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  "mentions" in value &&
  !("text" in value) &&
  "model" in value;

function checked<T>(schema: ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`${(issue?.path ?? []).join(".")} ${issue?.message ?? "is invalid"}`.trim());
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return "is not JSON";
  return error instanceof Error ? error.message : String(error);
}
