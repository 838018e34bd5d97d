import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCandidateSource } from "../../src/candidates/index.js";
import { type Caption, type EntityInput, entityOf, type Mention } from "../../src/core/index.js";
import { createLinker, type LinkerOptions } from "../../src/linker/index.js";
import { lookUp } from "../../src/linker/look-up.js";
import { mergeSamePerson, withNamesInText } from "../../src/linker/same-person/index.js";
import { toyModel } from "./fixtures.js";

/** Reads a caption in which each mention is in square brackets: "[Ida Varn] at home. [Varn] smiled". */
function captionOf(marked: string, types: Readonly<Record<string, string>> = {}): Caption {
  const mentions: Mention[] = [];
  let text = "";
  for (const piece of marked.split(/(\[[^\]]*\])/)) {
    const name = /^\[(.*)\]$/s.exec(piece)?.[1];
    if (name !== undefined) {
      const span = { start: text.length, end: text.length + name.length };
      mentions.push({ text: name, span, ...(types[name] && { type: types[name] }) });
    }
    text += name ?? piece;
  }
  return { id: "1", text, mentions };
}

const people = (...labels: readonly string[]): readonly EntityInput[] =>
  labels.map((label, index) => ({ id: `P${index}`, label, description: "painter" }));

/** Entities for the captions below. All names are invented. */
const BASE: readonly EntityInput[] = [
  ...people(
    "Ida Varn",
    "Otto Varn",
    "Lars Brandel",
    "Marta Kosiba",
    "Ольга Дремина",
    "Nikos Halvas",
    "草野光",
    "Ayla Demirtas",
  ),
  { id: "T1", label: "Brandel", description: "town in Sweden" },
  { id: "C1", label: "Kosiba Works", description: "company" },
];

/** Returns, for each mention, the text of the mention with the full name; undefined if the mention stays alone. */
async function fullNames(caption: Caption, base = BASE): Promise<readonly (string | undefined)[]> {
  const extended = withNamesInText(caption);
  const [found] = await lookUp({ source: createCandidateSource(base.map(entityOf)) }, [extended], 20);
  const merged = mergeSamePerson(found!, caption.mentions.length);
  return merged?.fullNames.map((name) => name?.text) ?? caption.mentions.map(() => undefined);
}

/** Whether the last mention is decided with another mention. */
const isMerged = async (marked: string): Promise<boolean> =>
  (await fullNames(captionOf(marked))).at(-1) !== undefined;

describe("mergeSamePerson", () => {
  it.each([
    "[Ida Varn] at the opening. [Varn] came from abroad",
    "[Ida Varn] at the opening; [Ida] had come from abroad",
    "Works by [Ida Varn]. [Varn]'s studio burned down",
    "Works by [Ida Varn]. [Varn's] studio burned down",
    "Portrait of [Ida Varn]. The photograph shows [Ms Varn] with a dog",
    "Portrait of [Ida Varn]. The photograph shows Ms [Varn] with a dog",
    "Portrait of [Ida Varn]. In 1910 [Dr. Varn] moved to Oslo",
    "Portrait of [Ida Varn]. In [Varn]'s studio",
    "[Varn, Ida]: self-portrait. [Varn] painted it in 1910",
    "[I. Varn]: self-portrait. [Varn] painted it in 1910",
    "[Ida Varn]: self-portrait. [I. Varn] painted it in 1910",
    "[Ida Varn], née Holm, at home. The photograph shows [Varn]",
    "[Ida Varn née Holm] at home. The photograph shows [Holm]",
    "[Ida Maria Holm Varn] at home. The photograph shows [Holm Varn]",
    "[Ida Varn] im Atelier. [Varns] Bilder hängen dort",
    "[Ida Varn] im Atelier. Die Malerin [Varn] lebte in Oslo",
    "[Ida Varn] dans son atelier. [Varn] y a vécu dix ans",
    "[Ida Varn] en su estudio. [Varn] vivió allí diez años",
    "[Ida Varn] nel suo studio. [Varn] ci lavorò dieci anni",
    "[Ida Varn] in haar atelier. [Varn] werkte er tien jaar",
    "[Marta Kosiba] w pracowni. Obrazy [Kosiby] wiszą na ścianie",
    "[Ольга Дремина] в мастерской. Картины [Дреминой] висят на стене",
    "[Ayla Demirtas] atölyede. [Demirtas'ın] resimleri duvarda",
    "[草野光]の肖像。[草野]は画家である",
    "IDA VARN AND OTHERS. [IDA VARN] AT HOME. LATER [VARN] MOVED",
    "[Ida Varn] and [Lars Brandel] in the studio. [Varn] worked there for ten years",
  ])("merges the last mention with a full name: %s", async (marked) => {
    expect(await isMerged(marked)).toBe(true);
  });

  it.each([
    // places, organisations, things
    "[Ida Varn] on holiday in [Varn]",
    "[Ida Varn] on holiday. She returned from [Varn]",
    "[Ida Varn] im Urlaub in [Varn]",
    "[Ida Varn] en vacances près de [Varn]",
    "[Ida Varn] de vacaciones en [Varn]",
    "[Ida Varn] na wakacjach w [Varn]",
    "[Ольга Дремина] на отдыхе в [Дремина]",
    "[Ayla Demirtas] tatilde. Otel [Demirtas'ta]",
    "[Ida Varn] at the opening. The [Varn] was full",
    "[Ida Varn] at the opening. She works for [Varn] Ltd",
    "[Ida Varn] at the opening. She works for [Varn] & Sons",
    "[Ida Varn] at the opening. She gave her pictures to the [Varn] Museum",
    "[Ida Varn] at the opening. Lake [Varn] was frozen",
    "[Ida Varn] at the opening. The town of [Varn] was flooded",
    "[Ida Varn] bei der Eröffnung. Die Stadt [Varn] war überflutet",
    "[Ida Varn] at the opening. The [Varn]-Holm bridge was closed",
    "[Lars Brandel] at the opening. [Brandel] was flooded",
    "[Kosiba Works] at the fair. [Kosiba] paints",
    "[Museum Varn] at night. [Varn] paints",
    // other people
    "[Ida Varn] and [Otto Varn] at the opening. [Varn] came from abroad",
    "[Ida Varn] and Otto Varn at the opening. [Varn] came from abroad",
    "[Ida Varn] and Kuno Varn at the opening. [Varn] came from abroad",
    "[Ida Varn] at the opening. [Otto Varn] came from abroad",
    "[Ida Varn] at the opening. Paul [Varn] came from abroad",
    "[Ida Varn] at the opening. [Ida] Holm came from abroad",
    "[Ida Varn] at the opening. [Mr. Varn] came from abroad",
    "[Otto Varn] at the opening. [Mrs. Varn] came from abroad",
    "[O. Varn] at the opening. [Mrs. Varn] came from abroad",
    "[Otto Varn] bei der Eröffnung. [Frau Varn] kam später",
    "[Otto Varn] and [Varn]",
    "[Otto Varn], [Lars Brandel] and [Mrs. Varn]",
    "Left to right: [Otto Varn], [Lars Brandel], [Varn]",
    "President [Varn] and first lady [Ida Varn]",
    "[Otto Varn] with his brother [Varn]",
    "[Otto Varn] and his wife, the painter [Varn]",
    "[Otto Varn] und seine Frau, die Malerin [Varn]",
    "The brothers [Otto Varn] and [Varn]",
    "[Otto Varn] and his son [Otto]",
    "[Otto Varn] at the opening. [Varn] Jr. came from abroad",
    "[Otto Varn] at the opening. [Varn Jr.] came from abroad",
    "[Otto Varn] at the opening. The [Varn] brothers came from abroad",
    "[Otto Varn] at the opening. The [Varns] came from abroad",
    "[Otto Varn] at the opening. Familie [Varn] kam später",
    "[Otto Varn] and [Otto Varn Jr.] at the opening. [Varn] came from abroad",
    "[Ida Varn] at the opening. [Mr. and Mrs. Varn] came from abroad",
    // a mention inside a longer one, and unrelated names
    "[Ida Varn] at home",
    "[Ida Varn] with [Brandel]",
  ])("leaves the last mention alone: %s", async (marked) => {
    expect(await isMerged(marked)).toBe(false);
  });
});

describe("mergeSamePerson, laws", () => {
  const caption = captionOf(
    "[Ida Varn] and [Lars Brandel] in the studio. [Marta Kosiba] visited them. [Varn] and [Kosiba] were friends. [Ida] smiled",
  );
  const byText = async (mentions: readonly Mention[]): Promise<Record<string, string | undefined>> => {
    const names = await fullNames({ ...caption, mentions });
    return Object.fromEntries(mentions.map(({ text }, index) => [text, names[index]]));
  };
  const expected = { Varn: "Ida Varn", Ida: "Ida Varn", Kosiba: "Marta Kosiba" };

  it("gives the same result for every order of the mentions", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...caption.mentions], { minLength: caption.mentions.length }),
        async (mentions) => {
          expect(await byText(mentions)).toEqual({ ...(await byText(caption.mentions)), ...expected });
        },
      ),
      { numRuns: 20 },
    );
  });

  it("chooses the same mention of a full name that occurs twice, for every order of the mentions", async () => {
    const { text, mentions, id } = captionOf("[Ida Varn] in 1910. [Ida Varn] in 1920. [Varn] in 1930");
    const source = createCandidateSource(BASE.map(entityOf));
    for (const order of [mentions, mentions.toReversed(), [mentions[1]!, mentions[0]!, mentions[2]!]]) {
      const [found] = await lookUp({ source }, [{ id, text, mentions: order }], 20);
      const [only, ...others] = mergeSamePerson(found!, 3)!.input.caption.mentions;
      expect(others).toEqual([]);
      expect(only!.span).toEqual({ start: 0, end: 8 });
    }
  });

  it("gives the same result if the full name is not a mention or another mention is missing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...caption.mentions], { minLength: 1 }), async (mentions) => {
        for (const [short, full] of Object.entries(await byText(mentions)))
          expect(full).toBe(expected[short as keyof typeof expected]);
      }),
      { numRuns: 40 },
    );
  });

  it("ends for names that are short forms of themselves or of each other", async () => {
    expect(await fullNames(captionOf("[Van-\nder Veen] with [Ida Varn]"))).toEqual([undefined, undefined]);
    const word = fc.constantFrom(
      "Ida",
      "Varn",
      "Holm-Varn",
      "Van-\nder",
      "van",
      "Veen",
      "J.",
      "(Otto Varn)",
      "née Veen",
      "Jr.",
    );
    const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 2, maxLength: 5 }), async (names) => {
        const caption = captionOf(names.map((one) => `[${one}]`).join(" with "));
        const found = await fullNames(caption);
        expect(found).toHaveLength(names.length);
        expect(found).toContain(undefined);
      }),
      { numRuns: 200 },
    );
  });

  it("compares no names in a caption with more than 200 mentions", async () => {
    const [first, ...others] = [caption, ...Array.from({ length: 40 }, () => caption)];
    const mentions = others.flatMap((other) => other.mentions);
    expect(mentions.length).toBeGreaterThan(200);
    expect((await fullNames({ ...first!, mentions })).every((name) => name === undefined)).toBe(true);
  });

  it("keeps a short name that the mention's type excludes", async () => {
    const text = "[Ida Varn] at the opening. [Varn] came from abroad";
    expect(await fullNames(captionOf(text, { Varn: "person" }))).toEqual([undefined, "Ida Varn"]);
    expect(await fullNames(captionOf(text, { Varn: "LOC" }))).toEqual([undefined, undefined]);
    expect(await fullNames(captionOf(text, { "Ida Varn": "ORG" }))).toEqual([undefined, undefined]);
  });
});

it("a full name is a person's if its type says so, even if the only entity of this name is something else", async () => {
  const film = [{ id: "F1", label: "Mona Kelb", properties: { type: ["film"] }, description: "film" }];
  const text = "[Mona Kelb] at the opening. [Kelb] came from abroad";
  for (const type of ["person", "PER"])
    expect(await fullNames(captionOf(text, { "Mona Kelb": type }), film)).toEqual([undefined, "Mona Kelb"]);
  expect(await fullNames(captionOf(text), film)).toEqual([undefined, undefined]);
  expect(await fullNames(captionOf(text, { "Mona Kelb": "work" }), film)).toEqual([undefined, undefined]);
});

describe("linking mentions of the same person", () => {
  const named = captionOf(
    "[Ida Varn] in the studio, with [Lars Brandel]. [Varn] worked there. Then [Varn] left",
  );
  const link = async (caption: Caption, options: Partial<LinkerOptions> = {}) => {
    await using linker = await createLinker({ kb: BASE, model: toyModel(), ...options });
    return await linker.link(caption);
  };
  const both = [
    { id: "P7", label: "Ida Varn", description: "sculptor" },
    { id: "P8", label: "Varn", description: "painter" },
    { id: "P9", label: "Kai Varn", description: "painter" },
  ];

  it.each([true, false])(
    "gives all of them the same outcome and candidates (collaborative: %s)",
    async (collaborative) => {
      const { mentions } = await link(named, { collaborative });
      const [full, , short, again] = mentions;
      expect(full).toMatchObject({ outcome: "linked", entity: { id: "P0" } });
      expect(full?.with).toBeUndefined();
      for (const other of [short, again]) {
        const { with: name, text, start, end, ...rest } = other!;
        expect(name).toEqual({ text: "Ida Varn", mention: 0 });
        expect({ ...full, ...rest, text, start, end }).toEqual({ ...full, text, start, end });
      }
    },
  );

  it("lets the full name win against an entity with the short name", async () => {
    const { mentions } = await link(named, { kb: both });
    expect(mentions.map(({ entity }) => entity?.id)).toEqual(["P7", undefined, "P7", "P7"]);
  });

  it("links a short name by a full name that is not a mention", async () => {
    const { mentions } = await link(captionOf("Ida Varn in the studio. [Varn] worked there"), { kb: both });
    expect(mentions).toMatchObject([{ text: "Varn", entity: { id: "P7" }, with: { text: "Ida Varn" } }]);
    expect(mentions[0]!.with).not.toHaveProperty("mention");
  });

  it("gives a person who is not in the knowledge base NIL for both names", async () => {
    const model = toyModel({ calibration: { nameFloor: 0.9 } });
    const kb = [
      { id: "P1", label: "Otto Varn" },
      { id: "P2", label: "Varn", description: "painter" },
    ];
    const { mentions } = await link(named, { kb, model });
    expect(mentions.map(({ outcome }) => outcome)).toEqual(["nil", "nil", "nil", "nil"]);
  });

  it("scores one mention for each person, and other captions as they are", async () => {
    const model = toyModel();
    const alone = captionOf("[Ida Varn] with [Lars Brandel] in [Varn]");
    for (const caption of [named, alone]) await link(caption, { model });
    const [merged, same] = model.seen.flat().map(({ caption }) => caption);
    expect(merged!.mentions.map(({ text }) => text)).toEqual(["Ida Varn", "Lars Brandel"]);
    expect(merged!.mentions[0]!.repeats).toEqual(named.mentions.slice(2));
    expect(same).toEqual(alone);
  });

  it("uses the evidence around the short name", async () => {
    const kb = [
      { id: "P1", label: "Kim Varn", properties: { sex: ["male"] }, popularity: 5 },
      { id: "P2", label: "Kim Varn", properties: { sex: ["female"] } },
    ];
    const caption = captionOf("[Kim Varn] at the opening. Later the actress [Varn] came from abroad");
    const { mentions } = await link(caption, { kb, model: "lexical" });
    expect(mentions.map(({ candidates }) => candidates[0]?.id)).toEqual(["P2", "P2"]);
  });
});
