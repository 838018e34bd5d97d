import { type Caption, type CaptionInput, MmelError } from "../core/index.js";
import { detectMentions } from "../mentions/index.js";
import type { LinkAllOptions } from "./api.js";
import { readCaption } from "./input.js";

/** The captions that can be linked, with the mentions found in those that had none when `detect` is on. */
export async function* withMentions<Given extends CaptionInput>(
  captions: Iterable<Given> | AsyncIterable<Given>,
  detect: boolean,
  onRejected?: LinkAllOptions<Given>["onRejected"],
): AsyncGenerator<Caption> {
  for await (const given of captions) {
    let caption = readCaption(given, detect);
    if (!(caption instanceof MmelError) && caption.mentions.length === 0)
      caption = readCaption({ ...caption, mentions: await detectMentions(caption.text) }, detect);
    if (!(caption instanceof MmelError)) yield caption;
    else if (onRejected === undefined) throw caption;
    else onRejected(given, caption);
  }
}
