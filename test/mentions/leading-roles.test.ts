import { describe, expect, it } from "vitest";
import type { Candidate, CaptionCandidates } from "../../src/core/index.js";
import { namesWithoutRole, withoutRoles } from "../../src/mentions/index.js";

const named = (...texts: string[]) =>
  namesWithoutRole({ text: texts.join(", "), mentions: texts.map((text) => ({ text })) });

describe("namesWithoutRole", () => {
  it.each([
    ["Blacksmith Brandl", "Brandl"],
    ["Uhrmacher Roth", "Roth"],
    ["Bahnhofsvorsteher Karl Stadler", "Karl Stadler"],
    ["Station master Stadler", "Stadler"],
    ["Photographe Nadar", "Nadar"],
    ["Kowal Nowak", "Nowak"],
    ["Кузнец Иванов", "Иванов"],
    ["Molenaar van der Meer", "van der Meer"],
    ["Koch Anders", "Anders"],
    ["Le boulanger Roux", "Roux"],
    ["The Brewer Roth", "Roth"],
    ["Le maestro Roux", "maestro Roux"],
    ["L'abbé Roux", "abbé Roux"],
    ["Der Pfarrer Roth", "Pfarrer Roth"],
  ])("takes the occupation out of %j", (text, name) => {
    expect(named(text)).toEqual([{ index: 0, mention: { text: name } }]);
  });

  it.each([
    "Brandl",
    "Blacksmith",
    "Karl Brandl",
    "Dr. Brandl",
    "Duke of Kent",
    "Bishop of Bath",
    "Rose Baker",
    "Schneider Museum",
    "Schneider Théâtre",
    "Le Prince",
    "The Beatles",
    "A. Baker Roth",
    "Baker Université",
    "Weber Múzeum",
    "鍛冶屋 田中",
  ])("leaves %j as it is", (text) => {
    expect(named(text)).toEqual([]);
  });

  it.each([
    ["pl", "Pan Zieliński", "Zieliński"],
    ["cs", "Pan Dvořák", "Dvořák"],
    ["es", "Don Ramiro", "Ramiro"],
    ["en", "Don Ramiro", undefined],
    [undefined, "Pan Zieliński", undefined],
  ])("knows the forms of address of a caption in %s: %j", (language, text, name) => {
    const found = namesWithoutRole({ text, ...(language && { language }), mentions: [{ text }] });
    expect(found.map(({ mention }) => mention.text)).toEqual(name === undefined ? [] : [name]);
  });

  it("moves the span and drops the gold entity", () => {
    const text = "With Blacksmith Brandl";
    const mention = {
      text: "Blacksmith Brandl",
      span: { start: 5, end: 22 },
      gold: { kind: "nil" as const },
    };
    const [found] = namesWithoutRole({ text, mentions: [mention] });
    expect(found).toEqual({ index: 0, mention: { text: "Brandl", span: { start: 16, end: 22 } } });
    expect(text.slice(found!.mention.span!.start, found!.mention.span!.end)).toBe("Brandl");
  });
});

describe("withoutRoles", () => {
  const candidate = (label: string): Candidate => ({
    entity: { id: label, label, aliases: [], properties: {}, images: [] },
    nameScore: 0.5,
    names: { subsequence: 0, prefix: 0, edit: 0 },
    matchedName: label,
  });
  const input = (text: string, ...labels: string[]): CaptionCandidates => ({
    caption: { id: "c", text, mentions: [{ text }] },
    candidates: [labels.map(candidate)],
  });
  const applied = (text: string, own: string[], bare: string[]) =>
    withoutRoles(input(text, ...own), named(text), [bare.map(candidate)]);

  it("replaces the mention and its candidates", () => {
    const { caption, candidates } = applied("Blacksmith Brandl", ["Brand"], ["Johann Brandl", "Anna Brandl"]);
    expect(caption.mentions).toEqual([{ text: "Brandl" }]);
    expect(candidates[0]!.map(({ entity }) => entity.label)).toEqual(["Johann Brandl", "Anna Brandl"]);
  });

  it("keeps a mention whose occupation is part of a name in the knowledge base", () => {
    const { caption, candidates } = applied("Baker Street", ["Baker Street", "Street"], ["Street"]);
    expect(caption.mentions).toEqual([{ text: "Baker Street" }]);
    expect(candidates[0]).toHaveLength(2);
  });

  it("takes a name with a particle only if a candidate has the particle", () => {
    const bare = (...labels: string[]) =>
      applied("Boulanger de Paris", ["Paris"], labels).caption.mentions[0]!.text;
    expect(bare("Paris")).toBe("Boulanger de Paris");
    expect(bare("Jean de Paris")).toBe("de Paris");
  });

  it("keeps a mention whose name has no candidates", () => {
    expect(applied("Blacksmith Brandl", ["Brand"], []).caption.mentions[0]!.text).toBe("Blacksmith Brandl");
  });
});
