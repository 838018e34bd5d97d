import { describe, expect, it } from "vitest";
import type { Caption } from "../../../src/core/index.js";
import { among, caption, entity, featureOf } from "./fixtures.js";

const older = entity("older", "Edgar Stone", {
  birth: ["1871, York"],
  death: ["1940"],
  sex: ["male"],
  occupation: ["physicist"],
});
const younger = entity("younger", "Edgar Stone", { birth: ["1903"], sex: ["male"], occupation: ["painter"] });
const village = entity("village", "Edgar Stone", { type: ["village"] });

async function feature(name: string, text: string, mention = "Edgar Stone", type?: string) {
  const plain = caption(text, mention);
  const typed: Caption =
    type === undefined ? plain : { ...plain, mentions: plain.mentions.map((one) => ({ ...one, type })) };
  return featureOf(name, await among([older, younger, village], typed));
}

describe("the features of life dates", () => {
  it.each([
    ["Edgar Stone (1871–1940), portrait", { older: 1, younger: 0, village: 0 }],
    ["Edgar Stone, born 1903, in his studio", { older: 0, younger: 1, village: 0 }],
    ["Bild von Edgar Stone (geb. 1903)", { older: 0, younger: 1, village: 0 }],
    ["Edgar Stone aged 20 in 1923", { older: 0, younger: 1, village: 0 }],
    ["Edgar Stone, 1903", { older: 0, younger: 0, village: 0 }],
    ["Edgar Stone and Anna Berg (1903–1980)", { older: 0, younger: 0, village: 0 }],
    ["Edgar Stone und seine Frau, geb. 1903", { older: 0, younger: 1, village: 0 }],
  ])('compare the year of birth in "%s"', async (text, expected) => {
    expect(await feature("life/birth agrees", text)).toEqual(expected);
  });

  it("contradict the dates of a namesake", async () => {
    expect(await feature("life/birth differs", "Edgar Stone, b. 1903")).toEqual({
      older: 1,
      younger: 0,
      village: 0,
    });
    expect(await feature("life/death differs", "Edgar Stone (1871–1955)")).toMatchObject({ older: 1 });
  });

  it.each([
    ["Year of birth", "1903"],
    ["Geburtsdatum", "12.3.1903"],
    ["date de naissance", "1903"],
    ["fecha de nacimiento", "1903"],
    ["datum narození", "1903"],
    ["data urodzenia", "1903-03-12"],
    ["дата рождения", "1903"],
    ["doğum tarihi", "1903"],
    ["P569", "+1903-03-12T00:00:00Z"],
    ["Lebensdaten", "1903–1980"],
    ["birth", "c. 1900"],
  ])("know the dates in the property %s", async (property, date) => {
    const dated = entity("dated", "Edgar Stone", { [property]: [date] });
    const text = caption("Edgar Stone, born 1903", "Edgar Stone");
    expect(featureOf("life/birth agrees", await among([older, dated], text))).toEqual({ older: 0, dated: 1 });
  });

  it.each(["Swiss painter, 1903–1980", "American, born 1903"])(
    "know the dates in the description %j",
    async (description) => {
      const dated = { ...entity("dated", "Edgar Stone"), description };
      const text = caption("Edgar Stone, born 1903", "Edgar Stone");
      expect(featureOf("life/birth agrees", await among([older, dated], text))).toEqual({
        older: 0,
        dated: 1,
      });
    },
  );

  it("know the dates in a label and all dates of one event", async () => {
    const labelled = entity("labelled", "Stone, Edgar, 1903-1980");
    const several = entity("several", "Edgar Stone", { birth: ["1901", "1903"] });
    const text = caption("Edgar Stone, born 1903", "Edgar Stone");
    expect(featureOf("life/birth agrees", await among([older, labelled, several], text))).toEqual({
      older: 0,
      labelled: 1,
      several: 1,
    });
  });

  it("do not take the years of a picture after a name for life dates", async () => {
    const text = caption("Stone, Edgar, 1936-37", "Stone, Edgar, 1936-37");
    expect(featureOf("life/birth differs", await among([older, younger], text))).toEqual({
      older: 0,
      younger: 0,
    });
  });

  it("contradict a work", async () => {
    const novel = entity("novel", "Edgar Stone", { type: ["novel"] });
    const found = await among([younger, novel], caption("Edgar Stone, born 1903", "Edgar Stone"));
    expect(featureOf("life/birth differs", found)).toEqual({ younger: 0, novel: 1 });
  });

  it("know no dates of a mention without words", async () => {
    const text = "... with Anna Berg, b. 1903";
    expect(
      featureOf("life/birth agrees", await among([older, younger], caption(text, "...", "Anna Berg"))),
    ).toEqual({});
  });

  it("do not read the dates of the caption's next name", async () => {
    const text = "Edgar Stone and Anna Berg (1903–1980)";
    const both = caption(text, "Edgar Stone", "Anna Berg");
    expect(featureOf("life/birth agrees", await among([older, younger], both))).toEqual({
      older: 0,
      younger: 0,
    });
  });
});

describe("the features of life dates of several names", () => {
  it.each([
    ["Edgar Stone and Anna Berg, both born in 1903", 1],
    ["Edgar Stone, Carl Lund und Anna Berg, beide geb. 1903", 1],
    ["Edgar Stone i Anna Berg oboje urodzeni w 1903", 1],
    ["Edgar Stone and Anna Berg were both born in 1903", 1],
    ["Edgar Stone et Anna Berg, tous deux nés en 1903", 1],
    ["Edgar Stone and Anna Berg, born in 1903", 0],
    ["Edgar Stone with the painter Anna Berg, both born in 1903", 0],
  ])('know for whom the dates in "%s" hold', async (text, agrees) => {
    const several = caption(
      text,
      "Edgar Stone",
      ...(text.includes("Lund") ? ["Carl Lund"] : []),
      "Anna Berg",
    );
    expect(featureOf("life/birth agrees", await among([older, younger], several))).toEqual({
      older: 0,
      younger: agrees,
    });
  });
});

describe("the features of roles", () => {
  it.each(["Edgar Stone, physicist", "Der Physiker Edgar Stone", "Edgar Stone, fizyk", "физик Edgar Stone"])(
    'recognise the occupation in "%s"',
    async (text) => {
      expect(await feature("roles/role beside agrees", text)).toEqual({ older: 1, younger: 0, village: 0 });
      expect(await feature("roles/role beside differs", text)).toMatchObject({ older: 0, younger: 1 });
    },
  );

  it("leave a role next to another name to that name", async () => {
    const both = caption("Edgar Stone, Anna Berg, painter", "Edgar Stone", "Anna Berg");
    expect(featureOf("roles/role beside agrees", await among([older, younger], both))).toEqual({
      older: 0,
      younger: 0,
    });
  });

  it("leave a role directly before another name to that name", async () => {
    const both = caption("Edgar Stone and painter Anna Berg", "Edgar Stone", "Anna Berg");
    expect(featureOf("roles/role beside agrees", await among([older, younger], both))).toEqual({
      older: 0,
      younger: 0,
    });
  });

  it("compare the type of a mention with the kind of an entity", async () => {
    expect(await feature("roles/type differs", "Edgar Stone", "Edgar Stone", "LOC")).toEqual({
      older: 1,
      younger: 1,
      village: 0,
    });
    expect(await feature("roles/type agrees", "Edgar Stone", "Edgar Stone", "person")).toEqual({
      older: 1,
      younger: 1,
      village: 0,
    });
  });

  it("compare a narrower type of the mention with the roles of an entity", async () => {
    const river = entity("river", "Edgar Stone", { type: ["river"] });
    const found = await among([village, river], {
      ...caption("Edgar Stone", "Edgar Stone"),
      mentions: [{ text: "Edgar Stone", type: "Dorf" }],
    });
    expect(featureOf("roles/role beside agrees", found)).toEqual({ village: 1, river: 0 });
  });

  it("expect a place after a word such as in, and a person after a title", async () => {
    expect(await feature("roles/place word, person", "A market in Edgar Stone")).toMatchObject({
      older: 1,
      village: 0,
    });
    expect(await feature("roles/title, not person", "Dr. Edgar Stone", "Dr. Edgar Stone")).toEqual({
      older: 0,
      younger: 0,
      village: 1,
    });
  });
});

describe("the features of titles", () => {
  const priest = entity("priest", "Alma Ortner", { occupation: ["priest"] });
  const brewer = entity("brewer", "Karl Ortner", { occupation: ["brewer"] });
  const theologian = entity("theologian", "Emil Ortner", { occupation: ["theologian"] });
  const unknown = entity("unknown", "Josef Ortner");
  const titled = async (name: string, text: string, mention: string) =>
    featureOf(name, await among([priest, brewer, theologian, unknown], caption(text, mention)));

  it.each([
    ["Pfarrer Ortner vor der Kirche", "Pfarrer Ortner"],
    ["Pfarrer Ortner vor der Kirche", "Ortner"],
    ["L'abbé Ortner", "abbé Ortner"],
    ["L'abbé Ortner", "Ortner"],
    ["Rev. Ortner at the altar", "Rev. Ortner"],
    ["the Very Rev. Ortner at the altar", "Ortner"],
    ["Ks. Ortner", "Ks. Ortner"],
    ["Padre Ortner", "Padre Ortner"],
    ["Dominee Ortner", "Dominee Ortner"],
    ["Отец Ortner", "Отец Ortner"],
  ])("agree with the occupation in %j for the mention %j", async (text, mention) => {
    expect(await titled("roles/role beside agrees", text, mention)).toMatchObject({
      priest: 1,
      brewer: 0,
      unknown: 0,
    });
    expect(await titled("roles/role beside differs", text, mention)).toMatchObject({
      priest: 0,
      brewer: 1,
      unknown: 0,
    });
  });

  it("agree half with an occupation that goes with the title", async () => {
    const found = await titled("roles/role beside agrees", "Pfarrer Ortner", "Pfarrer Ortner");
    expect(found).toMatchObject({ priest: 1, theologian: 0.5 });
  });

  it("contradict an entity with another occupation", async () => {
    const differing = { priest: 0, brewer: 1, theologian: 0, unknown: 0 };
    expect(await titled("roles/title differs", "Pfarrer Ortner", "Pfarrer Ortner")).toEqual(differing);
    const all = { priest: 1, brewer: 1, theologian: 1, unknown: 0 };
    expect(await titled("roles/office differs", "Mayor Ortner", "Mayor Ortner")).toEqual(all);
    const none = { priest: 0, brewer: 0, theologian: 0, unknown: 0 };
    expect(await titled("roles/title differs", "Dr. Ortner", "Dr. Ortner")).toEqual(none);
    expect(await titled("roles/title differs", "Mrs. Ortner", "Mrs. Ortner")).toEqual(none);
  });

  it("do not contradict an entity whose name has such a title", async () => {
    const lord = entity("lord", "Alma Ortner, 1st Baron Ortner", { occupation: ["brewer"] });
    const found = await among([lord, brewer], caption("Lord Ortner on board", "Lord Ortner"));
    expect(featureOf("roles/title differs", found)).toEqual({ lord: 0, brewer: 1 });
  });

  it("are not those of a relative or of another name", async () => {
    const nun = entity("nun", "Alma Ortner", { occupation: ["nun"] });
    const relative = await among([nun], caption("Karl with his sister Alma Ortner", "Alma Ortner"));
    expect(featureOf("roles/role beside agrees", relative)).toEqual({ nun: 0 });
    const other = await among([priest], caption("Alma Ortner, Abbé Holm", "Alma Ortner", "Holm"));
    expect(featureOf("roles/role beside agrees", other)).toEqual({ priest: 0 });
  });
});

describe("the features of agreement", () => {
  it.each(["Dr. Edgar Stone", "Stone, Edgar", "EDGAR STONE", "Edgar Stone, OBE", "Edgar Stones"])(
    'treat "%s" as the exact name',
    async (mention) => {
      expect(await feature("name/exact name", `${mention} in 1910`, mention)).toEqual({
        older: 1,
        younger: 1,
        village: 1,
      });
    },
  );

  it("treat a name in brackets as another name", async () => {
    const found = await among(
      [entity("known", "Loup (Edgar Stone)"), entity("other", "Edgar Segal")],
      caption("Edgar Stone at home", "Edgar Stone"),
    );
    expect(featureOf("name/exact name", found)).toEqual({ known: 1, other: 0 });
    expect(featureOf("name/mention words in name", found)).toEqual({ known: 1, other: 0.5 });
  });

  it("compare the sex of a title before the mention", async () => {
    const differs = (text: string) => feature("agreement/sex differs", text);
    expect(await differs("Mrs. Edgar Stone")).toMatchObject({ older: 1 });
    expect(await differs("Frau Edgar Stone")).toMatchObject({ older: 1 });
    expect(await differs("Miss Holm, Edgar Stone")).toMatchObject({ older: 0 });
    expect(await differs("Mr. and Mrs. Edgar Stone")).toMatchObject({ older: 0 });
    expect(await differs("Herr und Frau Edgar Stone")).toMatchObject({ older: 0 });
    expect(await feature("roles/title, not person", "Miss Edgar Stone")).toMatchObject({ village: 1 });
    expect(await feature("roles/title, not person", "Old Edgar Stone", "Old Edgar Stone")).toMatchObject({
      village: 0,
    });
  });

  it("contradict another sex, given name and generation", async () => {
    expect(await feature("agreement/sex differs", "Mrs. Edgar Stone", "Mrs. Edgar Stone")).toMatchObject({
      older: 1,
    });
    expect(await feature("agreement/otherGiven", "Anna Stone", "Anna Stone")).toMatchObject({ older: 1 });
    const [father, son] = ["Edgar Stone Sr.", "Edgar Stone Jr."].map((name) => entity(name, name));
    const found = await among([father!, son!], caption("Edgar Stone II", "Edgar Stone II"));
    expect(featureOf("agreement/otherGeneration", found)).toEqual({
      "Edgar Stone Sr.": 1,
      "Edgar Stone Jr.": 0,
    });
  });
});

describe("the features of gender", () => {
  it.each([
    ["Edgar Stone and his wife", 0],
    ["Edgar Stone und seine Frau", 0],
    ["Edgar Stone et sa femme", 0],
    ["Edgar Stone, wife of the mayor", 1],
  ])("know whose wife is meant in %j", async (text, differs) => {
    expect(await feature("gender/around differs", text)).toMatchObject({ older: differs });
  });
});
