import { type Caption, MAX_MENTIONS, MmelError } from "../core/index.js";
import { detectMentions } from "../mentions/index.js";
import type { LinkAllOptions } from "./api.js";

/** The captions that can be linked, with the mentions found in those that had none when `detect` is on. */
export async function* withMentions(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  detect: boolean,
  onRejected?: LinkAllOptions["onRejected"],
): AsyncGenerator<Caption> {
  for await (const given of captions) {
    const caption =
      given.mentions.length === 0 && detect
        ? { ...given, mentions: await detectMentions(given.text) }
        : given;
    const error = fault(caption, detect);
    if (error === undefined) yield caption;
    else if (onRejected === undefined) throw error;
    else onRejected(given, error);
  }
}

function fault({ id, mentions }: Caption, detect: boolean): MmelError | undefined {
  const where = `caption ${id}`;
  if (mentions.length === 0 && !detect)
    return new MmelError("CAPTION_INVALID", {
      what: "a caption without mentions",
      where,
      expected: "at least one mention",
      hint: "--detect (in code: detect: true) to find them",
    });
  if (mentions.length > MAX_MENTIONS)
    return new MmelError("CAPTION_INVALID", {
      what: `a caption with ${mentions.length} mentions`,
      where,
      expected: `at most ${MAX_MENTIONS}`,
      hint: "splitting its text",
    });
  return undefined;
}
