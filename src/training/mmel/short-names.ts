import type { Caption, Mention, Span } from "../../core/index.js";

const LAST_WORD = /(?<=\s)\p{L}[\p{L}\p{M}\p{N}'’-]+$/u;
/** By itself no name that anyone goes by. */
const ADDITION = /^(?:jr|sr|[ivx]+)$/iu;

/**
 * The caption as it would stand had it called everyone by the last word of the name, as captions often do: it says less
 * and leaves more to the words around. Undefined when no name can be cut.
 */
export function withShortNames(caption: Caption): Caption | undefined {
  const placed = caption.mentions.filter(isPlaced).sort((a, b) => a.span.start - b.span.start);
  const short = new Map<Mention, Mention>();
  let text = "";
  let from = 0;
  for (const mention of placed) {
    if (mention.span.start < from) return undefined;
    text += caption.text.slice(from, mention.span.start);
    const name = shortName(mention.text);
    short.set(mention, {
      ...mention,
      text: name,
      span: { start: text.length, end: text.length + name.length },
    });
    text += name;
    from = mention.span.end;
  }
  text += caption.text.slice(from);
  if (text.length === caption.text.length) return undefined;
  return { ...caption, text, mentions: caption.mentions.map((mention) => short.get(mention) ?? mention) };
}

const isPlaced = (mention: Mention): mention is Mention & { readonly span: Span } =>
  mention.span !== undefined;

function shortName(name: string): string {
  const [word] = LAST_WORD.exec(name) ?? [];
  return word === undefined || ADDITION.test(word) ? name : word;
}
