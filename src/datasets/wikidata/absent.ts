import { addId, hasId, type IdSet, numbersOf } from "./id-set.js";
import { chainOf, followRedirects } from "./redirects.js";
import type { SegmentFile } from "./segments.js";

/** A listed id whose item has another one now. */
export interface Moved {
  readonly from: string;
  readonly to: string;
  /** Whether the item was taken all the same. */
  readonly taken: boolean;
}

/** The listed ids that are not among the items taken: those that the files have no word of, and those that are redirects. */
export async function absentIds(
  listed: IdSet,
  taken: IdSet,
  redirects: SegmentFile,
  signal?: AbortSignal,
): Promise<{ readonly notFound: readonly string[]; readonly moved: readonly Moved[] }> {
  const absent = [...numbersOf(listed)].filter((number) => !hasId(taken, number));
  const wanted = new Map<number, Uint32Array>();
  for (const number of absent) addId(wanted, number);
  const leads = absent.length === 0 ? new Map() : await followRedirects(redirects, wanted, signal);
  const moved = absent
    .filter((number) => leads.has(number))
    .map((number) => {
      const now = [...chainOf(number, leads)].at(-1)!;
      return { from: `Q${number}`, to: `Q${now}`, taken: hasId(taken, now) };
    });
  return { notFound: absent.filter((number) => !leads.has(number)).map((number) => `Q${number}`), moved };
}
