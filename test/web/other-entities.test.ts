import { expect, it } from "vitest";
import { type Linking, type Mark, otherEntities, type WireMentionLink } from "../../web/src/review/index.js";

/** A link of a name to the first of some candidates, or to none. */
function link(text: string, outcome: "linked" | "nil", ...ids: string[]): WireMentionLink {
  const candidates = ids.map((id) => ({
    id,
    label: id,
    match: 0.5,
    collaborative: 0,
    score: 0.5,
    probability: 0.5,
  }));
  return { text, outcome, entity: outcome === "nil" ? null : candidates[0]!, probability: 0.5, candidates };
}

const mentions = [
  link("Queen", "linked", "band", "monarch"),
  link("May", "linked", "brian", "theresa"),
  link("Live", "nil", "album"),
];
const linking: Linking = { status: "done", links: { id: "1", mentions, model: "m", kb: "k" } };
const found = (marks: readonly Mark[], index: number, links = linking) =>
  Object.fromEntries(
    [...otherEntities({ id: "1", text: "", marks }, links, index)].map(([id, { name, isLinked }]) => [
      id,
      [name, isLinked],
    ]),
  );
const marks: readonly Mark[] = mentions.map(({ text }) => ({ text }));

it("finds the entities of the other names: those linked to and the other candidates", () => {
  expect(found(marks, 0)).toEqual({ brian: ["May", true], theresa: ["May", false], album: ["Live", false] });
  expect(found(marks, 1)).toEqual({
    band: ["Queen", true],
    monarch: ["Queen", false],
    album: ["Live", false],
  });
  expect(found(marks, 0, { status: "waiting" })).toEqual({});
});

it("goes by the decision, which rejects the other candidates", () => {
  const chosen: readonly Mark[] = [
    marks[0]!,
    { text: "May", gold: { kind: "entity", id: "theresa" } },
    marks[2]!,
  ];
  expect(found(chosen, 0)).toEqual({ theresa: ["May", true], album: ["Live", false] });
  const none: readonly Mark[] = [marks[0]!, { text: "May", gold: { kind: "nil" } }, marks[2]!];
  expect(found(none, 0)).toEqual({ album: ["Live", false] });
});

it("prefers a link to a candidate of another name", () => {
  const twice = {
    ...linking,
    links: { ...linking.links!, mentions: [...mentions, link("Theresa", "linked", "theresa")] },
  };
  expect(found([...marks, { text: "Theresa" }], 0, twice)).toMatchObject({ theresa: ["Theresa", true] });
});
