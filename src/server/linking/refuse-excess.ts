import { MmelError } from "../../core/index.js";
import type { Limits } from "../limits.js";

/** `TOO_LARGE` for a body with too many captions or mentions, or too long a text, before anything of it is looked at. */
export function refuseExcess(body: unknown, limits: Limits): void {
  const captions = fieldOf(body, "captions");
  if (Array.isArray(captions))
    refuse(captions.length, limits.batch, "captions in one request", "a stream: application/x-ndjson");
  for (const caption of Array.isArray(captions) ? captions : [body]) refuseCaption(caption, limits);
}

function refuseCaption(caption: unknown, { mentions: most, textLength }: Limits): void {
  const mentions = fieldOf(caption, "mentions");
  if (Array.isArray(mentions)) refuse(mentions.length, most, "mentions in one caption");
  const text = fieldOf(caption, "text");
  if (typeof text === "string") refuse(text.length, textLength, "characters in one caption");
}

function refuse(count: number, most: number, what: string, hint?: string): void {
  if (count <= most) return;
  throw new MmelError("TOO_LARGE", { what: `${count} ${what}`, expected: `at most ${most}`, hint });
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
