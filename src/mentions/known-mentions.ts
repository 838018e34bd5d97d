import type { Span } from "../core/index.js";
import { fold } from "../names/index.js";
import { firstNames, handles, invertedNames, uncasedNames } from "./companions.js";
import { type Facts, indexByWord } from "./facts.js";
import { isMention, type KnownName, longestFirst, withCaseEnding } from "./known-names.js";
import { isNameParticle, isParticle, isTitle } from "./particles.js";
import { type Run, runsOf, spanOf, trimmed, withAdditions } from "./runs.js";
import type { SimilarSearch } from "./similar.js";
import type { Tagger } from "./tagger.js";
import { isUsual } from "./usual-words.js";
import type { View } from "./view.js";
import type { Word } from "./words.js";

/**
 * Returns the spans of the mentions in a text: the names in `found` that are mentions, extended by the words around
 * them that belong to the same name, and phrases that are similar to a name of the knowledge base. The spans may
 * overlap.
 */
export async function knownMentions(
  view: View,
  found: readonly KnownName[],
  similar: SimilarSearch,
  tagger: Pick<Tagger, "isFirstName"> | undefined,
): Promise<Span[]> {
  const accepted = longestFirst(
    found.filter((name) => isMention(name, view)),
    view.text.length,
  );
  const known = indexByWord(view.words, accepted);
  const given = indexByWord(
    view.words,
    found.filter(({ kind }) => kind === "given"),
  );
  const isName = (word: Word): boolean =>
    known.has(word) ||
    tagger?.isFirstName(word.folded) === true ||
    (given.has(word) && !(word.first && isUsual(word.folded)));
  const facts: Facts = { view, known, isName, similar };
  const runs = view.style === "mixed" ? runsOf(view) : [];
  const inRuns = new Uint8Array(view.text.length);
  const spans: Span[] = [];
  for (const run of runs) {
    for (const { start, end } of run) inRuns.fill(1, start, end);
    for (const part of partsOf(run, facts))
      spans.push(...("name" in part ? [part.span] : await spansOf(part.run, facts)));
  }
  for (const name of accepted)
    if (inRuns[name.start] === 0) spans.push({ start: name.start, end: endOf(name, view) });
  const complete = spans.map(({ start, end }) => ({ start, end: withAdditions(view.text, end) }));
  const inverted = await invertedNames(complete, facts);
  return [
    ...inverted,
    ...(await firstNames(inverted, facts)),
    ...(await handles(facts)),
    ...(await uncasedNames(facts)),
  ];
}

/** Returns whether a name consists of several words. A word with hyphens counts as one. */
export const hasSeveralWords = ({ start, end }: Span, { text }: View): boolean =>
  /[^\p{L}\p{M}\p{N}\p{Cf}'’´`‐‑-]/u.test(text.slice(start, end));

/** A part of a run: a known name of several words with its span, or words that contain no such name. */
type Part = { readonly name: KnownName; readonly span: Span } | { readonly run: Run };

/**
 * Divides a run at the known names of several words. Initials and given names before such a name belong to its span.
 */
function partsOf(run: Run, { view, known, isName }: Facts): Part[] {
  const parts: Part[] = [];
  let piece: Word[] = [];
  const rest = (): void => {
    if (piece.length > 0) parts.push({ run: piece });
    piece = [];
  };
  let last: KnownName | undefined;
  for (const word of run) {
    const name = known.get(word);
    if (name === undefined || !hasSeveralWords(name, view)) piece.push(word);
    else if (name !== last) {
      last = name;
      const other = piece.findLastIndex(
        (before) => !before.initial && (!isName(before) || isTitle(before.folded)),
      );
      const start = piece[other + 1]?.start ?? name.start;
      piece.length = other + 1;
      rest();
      parts.push({ name, span: { start, end: endOf(name, view) } });
    }
  }
  rest();
  return parts;
}

/**
 * Returns the end of a name, including a full stop that belongs to it ("Jr."), the rest of a hyphenated word, or a case
 * ending.
 */
function endOf(name: KnownName, view: View): number {
  const after = view.text[name.end] ?? "";
  if (after === "." && name.holders.some((holder) => holder.name.endsWith("."))) return name.end + 1;
  const word = view.words[view.indexAt(name.end - 1)];
  if (HYPHEN.test(after) && word !== undefined && word.end > name.end) return word.end;
  return withCaseEnding(view.text, name, view.language);
}

const HYPHEN = /[-‐‑]/u;

/**
 * Returns the span of the mention in a run that contains no known name of several words; an empty list if there is
 * none.
 */
async function spansOf(run: Run, facts: Facts): Promise<Span[]> {
  const { view, isName, known } = facts;
  let piece = trimmed(run, view, isName);
  if (piece.length === 0) return [];
  if (!piece.some((word) => known.has(word))) return similarSpan(piece, facts);
  while (isOutside(piece, facts)) piece = trimmed(piece.slice(1), view, isName);
  const span = spanOf(withoutHead(piece, facts), view.text);
  return [{ start: withParticles(span, view, known.get(piece[0]!)), end: span.end }];
}

/**
 * Returns whether the first word of a run is not part of the name after it. This is possible only for a word whose
 * capital letter means little: the first word of a sentence, or any German noun.
 */
function isOutside([first, ...rest]: Run, { view, isName, known }: Facts): boolean {
  if (first === undefined || isName(first) || first.initial) return false;
  if (!first.first && view.language !== "de") return false;
  const name = trimmed(rest, view, isName);
  const [next] = name;
  const kind = next === undefined ? undefined : known.get(next);
  if (next === undefined || !name.some((word) => known.has(word))) return false;
  return name.length > 1 || (kind !== undefined && (kind.kind !== "family" || kind.inflected));
}

/** Removes the words after a German genitive if they are not a name: "Picassos Atelier" becomes "Picassos". */
function withoutHead(piece: Run, { view, isName, known }: Facts): Run {
  if (view.language !== "de") return piece;
  const genitive = piece.findIndex((word) => known.get(word)?.inflected);
  const next = piece[genitive + 1];
  return genitive >= 0 && next !== undefined && (!isName(next) || view.isAddition(next.folded))
    ? piece.slice(0, genitive + 1)
    : piece;
}

/**
 * Returns the start of a family name, including the particles before it that the full name contains: "van der Berg" for
 * "Jan van der Berg".
 */
function withParticles({ start, end }: Span, view: View, known: KnownName | undefined): number {
  if (known?.kind !== "family") return start;
  const names = known.holders.map(({ name }) => ` ${fold(name)} `);
  let first = start;
  for (let at = view.indexAt(start) - 1; at >= 0; at--) {
    const word = view.words[at]!;
    const phrase = ` ${fold(view.text.slice(word.start, end))} `;
    if (!isNameParticle(word, view.language) || !names.some((name) => name.includes(phrase))) break;
    first = word.start;
  }
  return first;
}

const TRANSLITERATED = /^[\p{sc=Cyrillic}\p{sc=Greek}]{4}/u;

/**
 * Returns the span of a run if the knowledge base contains a similar name, otherwise an empty list. If the run begins a
 * sentence, or if the text is in German, its first word is left out if the other words fit better. A run of one word
 * must begin with four Cyrillic or Greek letters, and must not begin a sentence.
 */
async function similarSpan(piece: Run, { view, isName, similar }: Facts): Promise<Span[]> {
  const first = piece[0]!;
  if (piece.length === 1 && (first.first || !TRANSLITERATED.test(first.text))) return [];
  const whole = spanOf(piece, view.text);
  const droppable = (first.first || view.language === "de") && !first.initial && !isName(first);
  const rest = droppable ? trimmed(piece.slice(1), view, isName) : [];
  const readings = [
    whole,
    ...(rest.filter((word) => !isParticle(word)).length > 1 ? [spanOf(rest, view.text)] : []),
  ];
  const fits = await Promise.all(readings.map(({ start, end }) => similar.fit(view.text.slice(start, end))));
  const best = Math.max(...fits);
  if (best > 0) return [readings[fits.indexOf(best)]!];
  return (await similar.fit(view.text.slice(whole.start, whole.end), false)) > 0 ? [whole] : [];
}
