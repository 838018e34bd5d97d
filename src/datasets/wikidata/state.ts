import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { BEGINNING } from "./blocks.js";

/** The files that grow while a dump is read. */
export const SEGMENTS = ["drafts", "labels", "redirects", "taken", "needed", "bad"] as const;
export type Segment = (typeof SEGMENTS)[number];

const place = z.object({ bytes: z.int(), lines: z.int(), crc: z.int() });
const stateSchema = z.object({
  version: z.literal(1),
  /** Hash of what decides the result: settings, and names of the files. */
  settings: z.string(),
  /** The file being read, by its position among the files; after the last one when all are read. */
  file: z.int(),
  /** Where in it. */
  place,
  /** Whether the opening bracket of its array was seen. */
  opened: z.boolean(),
  closed: z.boolean(),
  counts: z.object({ taken: z.int(), nameless: z.int(), redirects: z.int(), missing: z.int() }),
  lines: z.int(),
  bytes: z.int(),
  /** Bytes of each segment that belong to what was read so far. */
  lengths: z.record(z.enum(SEGMENTS), z.int()),
});

/** How far the reading of the files came. */
export type State = Omit<z.infer<typeof stateSchema>, "version" | "settings" | "lengths">;

export const START: State = {
  file: 0,
  place: BEGINNING,
  opened: false,
  closed: false,
  counts: { taken: 0, nameless: 0, redirects: 0, missing: 0 },
  lines: 0,
  bytes: 0,
};
export const NOTHING: Readonly<Record<Segment, number>> = {
  drafts: 0,
  labels: 0,
  redirects: 0,
  taken: 0,
  needed: 0,
  bad: 0,
};
export const STATE = "state.json";

/** What an interrupted import left; undefined when it left nothing. `RESUME` for what cannot be gone on with. */
export async function readState(folder: string, settings: string) {
  const path = join(folder, STATE);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw unusable(error.message, path, error);
  });
  if (text === undefined) return undefined;
  const state = parsed(text, path);
  if (state.settings !== settings) throw unusable("it was begun with other files or options", path);
  return state;
}

function parsed(text: string, path: string) {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (error) {
    throw unusable("its state cannot be read", path, error);
  }
}

export function unusable(why: string, where: string, cause?: unknown): MmelError {
  return new MmelError("RESUME", {
    what: `the interrupted import cannot go on: ${why}`,
    where,
    expected: "the same files and options as before",
    hint: "the import without --resume, which starts over",
    cause,
  });
}
