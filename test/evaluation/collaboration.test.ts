import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import type { MentionLink } from "../../src/core/index.js";
import { collaborationFigures, collaborationSection } from "../../src/evaluation/collaboration.js";
import type { MentionRecord } from "../../src/evaluation/index.js";
import { entity } from "./fixtures.js";

/** A record of the mention "Vale" whose first candidate is `after` with the other mentions and `before` without. */
function record(gold: string | null, before: string, after: string): MentionRecord {
  const candidate = { match: 0.5, collaborative: 0, score: 0.5, probability: null };
  const link: MentionLink = {
    text: "Vale",
    start: 4,
    end: 8,
    outcome: "linked",
    entity: entity(after),
    probability: null,
    candidates: [{ id: after, label: after, entity: entity(after), ...candidate }],
    ...(before !== after && { independent: entity(before), because: `${after} <b>sings</b>` }),
  };
  return {
    caption: {
      id: "c",
      text: "Ida Vale & Ida Orme",
      mentions: [{ text: "Vale", span: { start: 4, end: 8 } }],
    },
    mention: 0,
    gold: gold === null ? { kind: "nil" } : { kind: "entity", id: gold },
    ...(gold !== null && gold !== "missing" && { goldEntity: entity(gold, `the ${gold}`) }),
    link,
  };
}

const records = [
  record("A", "B", "A"),
  record("A", "A", "B"),
  record("A", "C", "A"),
  record("A", "B", "C"),
  record(null, "B", "C"),
  record("missing", "B", "C"),
  record("A", "A", "A"),
  record("A", "B", "B"),
];

describe("collaborationFigures", () => {
  it("counts only mentions whose first candidate changed, by what became of it", () => {
    expect(collaborationFigures(records)).toMatchObject({ mended: 2, broken: 1, stillWrong: 3 });
    expect(collaborationFigures([])).toMatchObject({ mended: 0, broken: 0, stillWrong: 0 });
  });

  it("gives examples with the caption, the entities and the reason", () => {
    const { examples } = collaborationFigures(records);
    expect(examples.broken).toEqual([
      {
        caption: "c",
        text: "Ida Vale & Ida Orme",
        mention: "Vale",
        start: 4,
        end: 8,
        before: { id: "A", label: "A" },
        after: { id: "B", label: "B" },
        gold: { id: "A", label: "the A" },
        because: "B <b>sings</b>",
      },
    ]);
    expect(examples.stillWrong.map(({ gold }) => gold)).toEqual([
      { id: "A", label: "the A" },
      null,
      { id: "missing" },
    ]);
  });

  it("counts all changes but lists at most 20 of a kind", () => {
    const found = collaborationFigures(Array.from({ length: 50 }, () => record("A", "B", "A")));
    expect(found.mended).toBe(50);
    expect(found.examples.mended).toHaveLength(20);
  });
});

describe("collaborationSection", () => {
  const sectionOf = (of: readonly MentionRecord[]) =>
    parseHTML(`<html><body>${collaborationSection(collaborationFigures(of)).markup}</body></html>`).document;

  it("shows the counts, and each example with its mention, change and reason", () => {
    const page = sectionOf(records);
    expect(page.querySelector("p")!.textContent).toContain("6 (2 wrong → right, 1 right → wrong, 3 wrong");
    const summaries = [...page.querySelectorAll("summary")].map(({ textContent }) => textContent);
    expect(summaries.map((text) => text?.match(/\d+/)?.[0])).toEqual(["2", "1", "3"]);
    const broken = page.querySelectorAll("details")[1]!.querySelector(".change")!;
    expect(broken.querySelector("mark")!.textContent).toBe("Vale");
    expect(broken.textContent).toContain("Vale: A → B");
    expect(broken.querySelector(".because")!.textContent).toBe("B <b>sings</b>");
    expect([...page.querySelectorAll(".change .soft")].map(({ textContent }) => textContent)).toEqual([
      "(gold: the A)",
      "(gold: NIL)",
      "(gold: missing)",
    ]);
  });

  it("has no lists if nothing changed", () => {
    expect(sectionOf([]).querySelectorAll("details")).toHaveLength(0);
  });
});
