import { linkLines } from "../../formats/index.js";
import type { Placed } from "../submit/chunks.js";
import type { Claim } from "./claims.js";
import type { WorkLinker } from "./linker-in-use.js";
import { type Outcome, outcomeWithoutLinks } from "./outcome.js";

interface LinkPieceOptions {
  readonly outcomes: Outcome[];
  readonly signal: AbortSignal;
  /** Told of every caption that is through. */
  readonly onCaption: () => void;
}

/**
 * Links the captions of a piece and adds their outcomes to `outcomes`, in the captions' order. What `linkAll` throws is
 * thrown; the outcomes up to there are good.
 */
export async function linkPiece(
  linker: Pick<WorkLinker, "linkAll">,
  { first, name, offsets }: Claim,
  captions: readonly Placed[],
  { outcomes, signal, onCaption }: LinkPieceOptions,
): Promise<void> {
  const placed = captions.map(({ line, caption }) => ({ ...caption, line }));
  for await (const { caption, links, error } of linker.linkAll(placed, { signal })) {
    const place = first + outcomes.length;
    const { line } = caption;
    if (error !== undefined) {
      outcomes.push(outcomeWithoutLinks("rejected", place, { line, caption }, name, error));
      continue;
    }
    const lines = linkLines([links], { offsets: { unit: offsets, textOf: () => caption.text } });
    const { value = "" } = await lines.next();
    outcomes.push({ place, kind: "linked", line, record: String(value).trimEnd() });
    onCaption();
  }
}
