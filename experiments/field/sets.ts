import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Captions with gold annotations, and the knowledge base that they are linked against. */
export interface FieldSet {
  /** The measure that the set counts towards, such as `cases` or `moma`. */
  readonly group: string;
  /** Name of the set in reports. */
  readonly name: string;
  readonly captions: string;
  readonly kb: string;
  /** Whether to remove the mentions and detect them in the text. */
  readonly detect: boolean;
  /** Options of `mmel link`, as written on the command line. */
  readonly options: readonly string[];
  /** Returns the kind of a mention, by the caption's id and the mention's index. */
  readonly kindOf: (caption: string, mention: number) => string;
  /** Index of the first caption to measure; default: 0. */
  readonly from?: number;
  /** Maximum number of captions to measure; default: all captions. */
  readonly limit?: number;
}

/** Folder with the shared data: `$MMEL_SHARED`, or `../shared` next to the checkout. */
export const SHARED = process.env.MMEL_SHARED ?? join(import.meta.dirname, "../../../shared");

/** Names of the groups that `fieldSets` reads, in the order of reports. */
export const GROUPS = ["cases", "moma", "repeated", "languages"] as const;

/** Returns the sets in the folder `field`: each case is a set of the group `cases`; MoMA's captions are three groups. */
export function fieldSets(folder = join(SHARED, "field")): readonly FieldSet[] {
  const moma = { kb: join(folder, "moma-kb.jsonl"), detect: false, options: [] };
  const prefix = (caption: string): string => caption.replace(/-[^-]*$/, "");
  return [
    ...caseSets(join(folder, "cases")),
    { ...moma, group: "moma", name: "moma", captions: join(folder, "moma.jsonl"), kindOf: prefix },
    {
      ...moma,
      group: "repeated",
      name: "repeated",
      captions: join(folder, "moma-repeated-surname.jsonl"),
      kindOf: (_, mention) => (mention === 0 ? "full name" : "surname alone"),
    },
    {
      ...moma,
      group: "languages",
      name: "languages",
      captions: join(folder, "moma-languages.jsonl"),
      kindOf: prefix,
    },
  ];
}

/** Returns a set for each subfolder with `kb.jsonl`, `captions.jsonl` and `case.json`. */
export function caseSets(folder: string): readonly FieldSet[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const { kind, detect, options } = readJson<{ kind: string; detect: boolean; options: string[] }>(
        join(folder, name, "case.json"),
      );
      return {
        group: "cases",
        name,
        captions: join(folder, name, "captions.jsonl"),
        kb: join(folder, name, "kb.jsonl"),
        detect,
        options,
        kindOf: () => kind,
      };
    });
}

/**
 * Number of captions in each part of the newsroom's captions. The first part is for choosing settings, and the second
 * is for reporting results.
 */
const PART = 1000;

/** Returns one part of the newsroom's captions as a set. */
export function newsroomSet(part: "first" | "second", folder = join(SHARED, "newsroom")): FieldSet {
  const kinds = new Map(
    readFileSync(join(folder, "kinds.jsonl"), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { id: string; kinds: string[] })
      .map(({ id, kinds }) => [id, kinds]),
  );
  return {
    group: `newsroom-${part}`,
    name: `newsroom-${part}`,
    captions: join(folder, "captions.jsonl"),
    kb: join(folder, "kb.jsonl.gz"),
    detect: false,
    options: [],
    kindOf: (caption, mention) => kinds.get(caption)?.[mention] ?? "unknown",
    from: part === "first" ? 0 : PART,
    limit: PART,
  };
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}
