import type { Caption } from "../core/index.js";
import { detectMentions } from "../mentions/index.js";
import type { LinkAllOptions } from "./api.js";
import { captionFault } from "./caption-fault.js";

/** The captions that can be linked, with the mentions found in those that had none when `detect` is on. */
export async function* withMentions(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  detect: boolean,
  onRejected?: LinkAllOptions["onRejected"],
): AsyncGenerator<Caption> {
  for await (const given of captions) {
    let caption: Caption = given?.mentions === undefined ? { ...given, mentions: [] } : given;
    let error = captionFault(caption, detect);
    if (error === undefined && caption.mentions.length === 0) {
      caption = { ...caption, mentions: await detectMentions(caption.text) };
      error = captionFault(caption, detect);
    }
    if (error === undefined) yield caption;
    else if (onRejected === undefined) throw error;
    else onRejected(given, error);
  }
}
