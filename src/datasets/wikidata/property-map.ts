import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { readJson } from "../../formats/index.js";

/**
 * How statements become an entity's properties: Wikidata's property → our name. `P569+P19` makes one value of the finest
 * date and the first place: `1891, Central Falls`. Several keys may share a name; their values follow one another.
 */
export type PropertyMap = Readonly<Record<string, string>>;

/** The properties of the paper. */
export const PAPER_PROPERTIES: PropertyMap = {
  P1449: "nickname",
  P21: "sex",
  "P569+P19": "birth",
  "P570+P20": "death",
  P140: "religion",
  P106: "occupation",
  P26: "spouse",
  P1412: "languages",
  P69: "almaMater",
  P2031: "workStart",
};

const key = z.string().regex(/^P[1-9]\d*(\+P[1-9]\d*)*$/, {
  error: ({ input }) => `"${String(input)}" is no property such as P106, or several such as P569+P19`,
});
const mapSchema = z.record(key, z.string().trim().min(1));

/** Reads a JSON file such as `{"P106":"occupation","P569+P19":"birth"}`. `CONFIG` when it holds something else. */
export async function readPropertyMap(path: string): Promise<PropertyMap> {
  const parsed = mapSchema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MmelError("CONFIG", {
    what:
      issue?.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : (issue?.message ?? ""),
    where: path,
    expected: '{"P106":"occupation","P569+P19":"birth",…}',
  });
}
