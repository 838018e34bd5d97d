import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseName } from "../../src/names/parse.js";
import type { NameParts } from "../../src/names/plain-name.js";

/** Shows a name as "given Given, family Family" without particles' kinds, for short expectations. */
const shown = ({ parts }: NameParts): string => parts.map(({ word, kind }) => `${word}/${kind[0]}`).join(" ");

describe("parseName", () => {
  it.each([
    ["Clara Haskil", "clara/g haskil/f"],
    ["Ludwig van der Rohe", "ludwig/g van/p der/p rohe/f"],
    ["Van der Rohe", "van/p der/p rohe/f"],
    ["Van Morrison", "van/g morrison/f"],
    ["J. F. K. Sloan", "j/i f/i k/i sloan/f"],
    ["Anna-Lena Berg-Hansen", "anna/g lena/g berg/f hansen/f"],
    ["Marlow, Edith", "edith/g marlow/f"],
    ["Marlow, E.J.", "e/i j/i marlow/f"],
    ["Rohe, Ludwig van der", "ludwig/g van/p der/p rohe/f"],
    ["Bank of England", "bank/g of/p england/f"],
    ["Marlow.", "marlow/f"],
    ["Edith D. Marlow", "edith/g d/i marlow/f"],
    ["EDITH E. MARLOW", "edith/g e/i marlow/f"],
    ["Marlow, Edith A.", "edith/g a/i marlow/f"],
    ["V. Y. Marlow", "v/i y/i marlow/f"],
    ["A. de Marlow", "a/i de/p marlow/f"],
    ["Marlow E. J.", "e/i j/i marlow/f"],
    ["Камень Л.Н.", "л/i н/i камень/f"],
    ["Gabriele D'Este", "gabriele/g d/p este/f"],
    ["José Vega y Roca", "jose/g vega/g y/p roca/f"],
    ["JOSÉ VEGA Y ROCA", "jose/g vega/g y/p roca/f"],
    ["VEGA Y ROCA, José", "jose/g vega/f y/p roca/f"],
    ["Ana Costa e Silva", "ana/g costa/g e/p silva/f"],
    ["O'Dowd, Nora", "nora/g o/i dowd/f"],
    ["Karim al-Nouri", "karim/g al/p nouri/f"],
    ["Karim Abd ar-Rashid", "karim/g abd/g ar/p rashid/f"],
    ["al-Nouri", "al/p nouri/f"],
    ["Al-Nouri", "al/p nouri/f"],
    ["Park An-na", "park/g an/f na/f"],
    ["Emil Graf von Stein", "emil/g graf/p von/p stein/f"],
    ["Stein, Emil Freiherr von", "emil/g freiherr/p von/p stein/f"],
    ["Lina Graf", "lina/g graf/f"],
    ["Lina Jong-a-Berg", "lina/g jong/g a/p berg/f"],
  ])("splits %s", (name, parts) => {
    expect(shown(parseName(name))).toBe(parts);
  });

  it.each([
    ["Prof. Dr. Edith Marlow", "edith/g marlow/f", ["prof", "dr"], undefined],
    ["Field Marshal Sir John French", "john/g french/f", ["field marshal", "sir"], "male"],
    ["Fräulein Marlow", "marlow/f", ["fraulein"], "female"],
    ["Президент Иванов", "иванов/f", ["президент"], undefined],
    ["профессор Ефимова", "ефимова/f", ["профессор"], undefined],
    ["minister Zawadzka", "zawadzka/f", ["minister"], undefined],
    ["docteur Lemaire", "lemaire/f", ["docteur"], undefined],
    ["Sr. Juan Ortega", "juan/g ortega/f", ["sr"], "male"],
    ["Mr. and Mrs. Peter Marlow", "peter/g marlow/f", ["mr", "mrs"], undefined],
    ["Staff Sgt. Peter Marlow", "peter/g marlow/f", ["staff sgt"], undefined],
    ["Petty Officer 1st Class Peter Marlow", "peter/g marlow/f", ["petty officer 1st class"], undefined],
    ["Brig. Gen. Peter Marlow", "peter/g marlow/f", ["brig gen"], undefined],
    ["Crown Princess Edith", "edith/f", ["crown princess"], "female"],
    ["U.S. President Peter Marlow", "peter/g marlow/f", ["u s president"], undefined],
    ["PM Peter Marlow", "peter/g marlow/f", ["pm"], undefined],
    ["Oberst a. D. Hans Stein", "hans/g stein/f", ["oberst", "a d"], "male"],
    ["Prof. Dr. h. c. Hans Stein", "hans/g stein/f", ["prof", "dr", "h c"], undefined],
    ["El rey Juan Vega", "juan/g vega/f", ["el rey"], "male"],
    ["A. D. Marlow", "a/i d/i marlow/f", [], undefined],
    ["Osman Nuri Paşa", "osman/g nuri/f", ["pasa"], "male"],
    ["Enver Pasha", "enver/g pasha/f", [], undefined],
    ["Mr & Mrs Peter Marlow", "peter/g marlow/f", ["mr", "mrs"], undefined],
    ["Dr. and Mrs. Peter Marlow", "peter/g marlow/f", ["dr", "mrs"], undefined],
    ["M. et Mme Roche", "roche/f", ["m", "mme"], undefined],
    ["Marlow, Peter, Duke of", "peter/g marlow/f", ["duke"], "male"],
    ["Marlow, Peter J., President of Yarton", "peter/g j/i marlow/f", ["president"], undefined],
    ["Marlow, Peter Marlow, Baron", "peter/g marlow/f", ["baron"], "male"],
    ["Peter Marlow, British painter", "peter/g marlow/f", [], undefined],
    ["Marlow, Peter, painter", "peter/g marlow/f", [], undefined],
  ])("takes the titles from %s", (name, parts, titles, sex) => {
    const parsed = parseName(name);
    expect(shown(parsed)).toBe(parts);
    expect(parsed.titles).toEqual(titles);
    expect(parsed.sex).toBe(sex);
  });

  it("keeps a name that consists of a title", () => {
    expect(shown(parseName("Prince"))).toBe("prince/f");
    expect(parseName("Prince").titles).toEqual([]);
  });

  it.each([
    ["Edgar Stone Jr.", 2],
    ["Edgar Stone, Sr.", 1],
    ["Edgar Stone the Elder", 1],
    ["Edgar Stone III", 3],
    ["Edgar Stone, 4th", 4],
    ["Hans Stein d. J.", 2],
    ["Henri Roche fils", 2],
    ["João Pedra Filho", 2],
    ["Иван Камень младший", 2],
    ["Henri Roche père", 1],
    ["HANS STEIN D. J.", 2],
    ["Stein, Hans, d. Ä.", 1],
    ["Vega, Juan, h.", 2],
    ["Stone, Edgar, V", 5],
    ["Stone, Edgar, I.", 1],
    ["Otto Stein, II.", 2],
    ["Otto II Stein", 2],
    ["Otto Stein XXIII", 23],
    ["Henri Roche (fils)", 2],
    ["Hans Stein (der Ältere)", 1],
    ["Juan Vega (h)", 2],
    ["Edgar Stone (Jr.)", 2],
    ["Edgar Stone (DJ)", undefined],
    ["Edgar Stone (I)", undefined],
    ["Edgar Stone", undefined],
  ])("reads the generation from %s", (name, generation) => {
    const parsed = parseName(name);
    expect(parsed.generation).toBe(generation);
    expect(parsed.parts).toHaveLength(2);
  });

  it.each([
    ["Stone, D. J.", "d/i j/i stone/f"],
    ["STONE, D. J.", "d/i j/i stone/f"],
    ["STONE D.J.", "d/i j/i stone/f"],
    ["Stone, D. A.", "d/i a/i stone/f"],
    ["Stone, H.", "h/i stone/f"],
    ["Stone, V. I.", "v/i i/i stone/f"],
    ["Stone V. I.", "v/i i/i stone/f"],
    ["Stone, Edgar H.", "edgar/g h/i stone/f"],
    ["Stone, Edgar X.", "edgar/g x/i stone/f"],
    ["Stone, Leonardo da", "leonardo/g da/p stone/f"],
    ["Stone, Jun", "jun/g stone/f"],
    ["Stone Jun", "stone/g jun/f"],
  ])("takes no generation from %s", (name, parts) => {
    expect(parseName(name).generation).toBeUndefined();
    expect(shown(parseName(name))).toBe(parts);
  });

  it("takes a numeral from the start", () => {
    expect(shown(parseName("Sultan II. Selim"))).toBe("selim/f");
    expect(parseName("Sultan II. Selim").generation).toBe(2);
  });

  it.each([
    ["Edgar Stone, OBE, FRS", "edgar/g stone/f"],
    ["Edgar Stone PhD", "edgar/g stone/f"],
    ["Hans Stein, MdB", "hans/g stein/f"],
    ["Jan Kámen, CSc.", "jan/g kamen/f"],
    ["Yo-Yo Ma", "yo/g yo/g ma/f"],
  ])("takes letters from the end of %s", (name, parts) => {
    expect(shown(parseName(name))).toBe(parts);
  });

  it.each([
    ["Edith Marlow née Stone", ["edith/g stone/f"]],
    ["Edith Marlow (geb. Stein)", ["edith/g stein/f"]],
    ["Ewa Kowal z domu Wrona", ["ewa/g wrona/f"]],
    ["Stendhal (Marie-Henri Beyle)", ["marie/g henri/g beyle/f"]],
    ["Otto Braun alias Fritz Berger", ["fritz/g berger/f"]],
    ["Henry Grey, 3rd Earl of Stamford", ["stamford/f"]],
    ["Anna Stein, geb. von Berg", ["anna/g von/p berg/f"]],
    ["Anna Stein née van der Berg", ["anna/g van/p der/p berg/f"]],
    ["Anne Roche née Vallée du Bois", ["vallee/g du/p bois/f", "anne/g vallee/g du/p bois/f"]],
    ["Jacopo Pietra detto il Sassetto", ["il/g sassetto/f"]],
    ["Stendhal (Marie-Henri Beyle, dit)", ["marie/g henri/g beyle/f"]],
  ])("finds the other names in %s", (name, others) => {
    expect(parseName(name).others.map(shown)).toEqual(expect.arrayContaining(others));
  });

  it.each(["Mr. and Mrs. Peter Marlow", "Mr & Mrs Peter Marlow", "M. et Mme Roche", "Herr u. Frau Stein"])(
    "knows that %s are a couple",
    (name) => {
      expect(parseName(name).couple).toBe(true);
    },
  );

  it("does not take a retired minister for a couple", () => {
    expect(parseName("Minister a. D. Hans Stein").couple).toBe(false);
  });

  it("does not take a capitalised word for a marker", () => {
    expect(shown(parseName("Max Born"))).toBe("max/g born/f");
    expect(parseName("Max Born").others).toEqual([]);
  });

  it.each([
    ["Marlow, Edith, 1882-1941", 1882, 1941],
    ["Edith Marlow (1882–41)", 1882, 1941],
    ["Edith Marlow (b. 1949)", 1949, undefined],
    ["Marlow, Edith, c.1815–", 1815, undefined],
    ["Marlow, Edith, approximately 1815-1862", 1815, 1862],
    ["Marlow, Edith, active 1850-1870", undefined, undefined],
    ["Edith Marlow (fl. 1850–70)", undefined, undefined],
    ["Edith Marlow (reigned 1850–1870)", undefined, undefined],
    ["Edith Marlow, Born 1949", 1949, undefined],
  ])("reads the dates in %s", (name, birth, death) => {
    const parsed = parseName(name);
    expect(shown(parsed)).toBe("edith/g marlow/f");
    expect([parsed.birth, parsed.death]).toEqual([birth, death]);
  });

  it.each(["Renata 1949", "René 1949", "Max Born 1949", "Ivan Leonar. 1949"])(
    "reads no year of birth in %s",
    (name) => {
      expect(parseName(name).birth).toBeUndefined();
    },
  );

  it("reads a qualifier in small letters as no name", () => {
    expect(parseName("Edgar Stone (footballer)").qualifier).toEqual(["footballer"]);
    expect(parseName("Edgar Stone (footballer)").others).toEqual([]);
  });

  it("reads a party in brackets as no name, but the name's own acronym", () => {
    expect(parseName("Anna Stein (SPD)")).toMatchObject({ others: [], qualifier: ["spd"] });
    expect(parseName("Deutsche Bahn (DB)").others.map(shown)).toContain("db/f");
  });

  it("returns folded words and never throws, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        for (const { parts } of [parseName(text), ...parseName(text).others])
          for (const { word } of parts) expect(word).toMatch(/^\S+$/u);
      }),
    );
  });

  it("ignores capitals on request", () => {
    for (const name of ["Dr. Edith Marlow, OBE", "Marlow, Edith, 1882-1941", "Edgar Stone III"])
      expect(shown(parseName(name.toLowerCase(), false))).toBe(shown(parseName(name, false)));
  });
});
