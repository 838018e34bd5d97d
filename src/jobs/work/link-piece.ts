import type { Caption, MmelError } from "../../core/index.js";
import { linkLines } from "../../formats/index.js";
import type { Placed } from "../submit/chunks.js";
import type { Claim } from "./claim.js";
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
  const rejected = new Map<Caption, MmelError>();
  const passRejected = (): void => {
    for (let one = captions[outcomes.length]; one !== undefined; one = captions[outcomes.length]) {
      const error = rejected.get(one.caption);
      if (error === undefined) return;
      outcomes.push(outcomeWithoutLinks("rejected", first + outcomes.length, one, name, error));
    }
  };
  const all = linker.linkAll(
    captions.map(({ caption }) => caption),
    { signal, onRejected: (caption, error) => rejected.set(caption, error) },
  );
  for await (const links of all) {
    passRejected();
    const { line, caption } = captions[outcomes.length]!;
    const lines = linkLines([links], { offsets: { unit: offsets, textOf: () => caption.text } });
    const { value = "" } = await lines.next();
    outcomes.push({ place: first + outcomes.length, kind: "linked", line, record: String(value).trimEnd() });
    onCaption();
  }
  passRejected();
}
