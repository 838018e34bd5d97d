import fc from "fast-check";
import type { Caption, CaptionLinks, Entity, Gold, Mention, RankedCandidate } from "../../src/core/index.js";
import { spannedText, trickyText } from "../core/texts.js";

/** Text with characters that are special in CSV, lists or JSON, or hard for offsets. */
const hardText = fc.oneof(
  trickyText,
  fc.string({ unit: "binary", maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        "a",
        '"',
        ",",
        "|",
        "\\",
        "\n",
        "\r\n",
        "\r",
        ";",
        "\t",
        "NIL",
        " ",
        "=",
        "-",
        "'",
        "\u001b",
        "u001b",
      ),
      {
        maxLength: 8,
      },
    )
    .map((parts) => parts.join("")),
);

/** A name: not blank. */
const filled = hardText.filter((text) => text.trim() !== "");

const gold: fc.Arbitrary<Gold> = fc.oneof(
  filled.map((id) => ({ kind: "entity", id }) as const),
  fc.constantFrom({ kind: "nil" } as const, { kind: "entity", id: "NIL" } as const),
);

const path = fc.constantFrom("a.jpg", "a/b c.png", "é/👍.jpg", "..jpg");

/** Fields that a mention may have besides its text and position. */
const annotation = fc.record(
  { type: fc.oneof(fc.constantFrom("PER", "Gemeinde"), filled), gold },
  { requiredKeys: [] },
);

const unspanned: fc.Arbitrary<Mention> = fc
  .tuple(filled, annotation)
  .map(([text, fields]) => ({ text, ...fields }));

/** Captions whose mentions have spans, which often overlap, or no spans. */
export const captionArbitrary: fc.Arbitrary<Caption> = fc
  .tuple(
    fc.oneof(trickyText, hardText),
    fc.array(fc.tuple(fc.nat(), fc.nat(), annotation), { maxLength: 4 }),
    fc.array(unspanned, { maxLength: 2 }),
    fc.record(
      { id: filled, image: path, language: fc.constantFrom("fr", "zh-Hant") },
      { requiredKeys: ["id"] },
    ),
  )
  .map(([text, spots, unplaced, rest]) => {
    const spanned = spots.flatMap(([a, b, fields]): Mention[] => {
      const span = spanOf(text, a, b);
      const name = text.slice(span.start, span.end);
      return name.trim() === "" ? [] : [{ text: name, span, ...fields }];
    });
    return { ...rest, text, mentions: [...spanned, ...unplaced] };
  });

function spanOf(text: string, a: number, b: number): { start: number; end: number } {
  const ends = [0];
  for (const character of text) ends.push(ends.at(-1)! + character.length);
  const [first, second] = [ends[a % ends.length]!, ends[b % ends.length]!];
  return { start: Math.min(first, second), end: Math.max(first, second) };
}

export const captionsArbitrary = fc.uniqueArray(captionArbitrary, { selector: ({ id }) => id, maxLength: 5 });

export const entityArbitrary: fc.Arbitrary<Entity> = fc.record(
  {
    id: filled,
    label: filled,
    aliases: fc.array(filled, { maxLength: 3 }),
    description: hardText.filter((text) => text !== ""),
    properties: fc.dictionary(
      fc
        .oneof(fc.constantFrom("occupation", "constructor", "toString", "alma mater"), filled)
        .filter(isPlain),
      fc.array(filled, { minLength: 1, maxLength: 3 }),
      { maxKeys: 3, noNullPrototype: true },
    ),
    images: fc.array(path, { maxLength: 2 }),
    popularity: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    url: filled,
  },
  { requiredKeys: ["id", "label", "aliases", "properties", "images"] },
);

/** Property names that CSV can have as columns; no format allows `__proto__`. */
function isPlain(name: string): boolean {
  return name !== "__proto__" && name === name.trim() && !/[\r\n]/.test(name);
}

const bare = fc
  .record({ id: filled, label: filled })
  .map((named): Entity => ({ ...named, aliases: [], properties: {}, images: [] }));

const figure = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

const figureOrNull = fc.option(figure);

const candidate: fc.Arbitrary<RankedCandidate> = fc
  .record({
    entity: bare,
    match: figureOrNull,
    collaborative: figure,
    score: figure,
    probability: figureOrNull,
  })
  .map(({ entity, ...scores }) => ({ id: entity.id, label: entity.label, entity, ...scores }));

/** The links of one caption, and its text. */
export const linksArbitrary: fc.Arbitrary<{ links: CaptionLinks; text: string }> = fc
  .tuple(
    fc.oneof(spannedText.filter(({ text, span }) => text.slice(span.start, span.end).trim() !== "")),
    fc.record({ id: filled, model: filled, kb: filled }),
    fc.array(
      fc.tuple(
        fc.boolean(),
        fc.option(filled),
        fc.option(bare),
        figureOrNull,
        fc.array(candidate, { maxLength: 3 }),
        fc.option(filled),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([{ text, span }, rest, mentions]) => ({
    text,
    links: {
      ...rest,
      mentions: mentions.map(([located, type, entity, probability, candidates, because]) => ({
        text: text.slice(span.start, span.end),
        ...(located && span),
        ...(type !== null && { type }),
        ...(entity === null
          ? ({ outcome: "nil", entity } as const)
          : ({ outcome: "linked", entity } as const)),
        probability,
        candidates,
        ...(because !== null && { because }),
      })),
    },
  }));
