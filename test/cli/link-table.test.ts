import { describe, expect, it } from "vitest";
import { linkTable } from "../../src/cli/link-table.js";
import { entityOf, type MentionLink } from "../../src/core/index.js";

const [singer, town] = [
  entityOf({
    id: "Q1",
    label: "Ida Corran",
    description: "Singer of a band with a long description that is cut",
  }),
  entityOf({ id: "Q2", label: "Corran" }),
];
const because =
  "Ida Corran has “member of: Marsh Lanterns”, named in the caption as “Lanterns”, which is longer than a cell";

function linked(changed: boolean) {
  const link: MentionLink = {
    text: "Corran",
    outcome: "linked",
    entity: singer,
    probability: 0.9,
    candidates: [
      {
        id: "Q1",
        label: "Ida Corran",
        entity: singer,
        match: 0.4,
        collaborative: 0.5,
        score: 0.9,
        probability: 0.9,
      },
    ],
    ...(changed && { independent: town, because }),
  };
  const caption = { id: "c1", text: "Corran", mentions: [{ text: "Corran" }] };
  return [{ caption, links: { id: "c1", mentions: [link], model: "m@1", kb: "k@1" } }];
}

describe("linkTable", () => {
  it("lists below the links what the other names changed, with the complete reasons", () => {
    const [links, changes] = linkTable(linked(true)).split("\n\n");
    expect(links).toContain("━━━━━━━━━─   90 %");
    expect(links).toContain("alone: Corran");
    expect(changes!.split("\n")[2]).toMatch(/^c1 +Corran +Corran +Ida Corran +/);
    expect(changes).toContain(because);
  });

  it("lists NIL and other candidates of at least 10 %, most probable first, and no scores", () => {
    const [one] = linked(false);
    const [mention] = one!.links.mentions;
    const [first] = mention!.candidates;
    const candidates = [
      { ...first!, probability: 0.5 },
      { ...first!, id: "Q2", label: "Corran", entity: town, probability: 0.22 },
      { ...first!, id: "Q3", label: "Other", probability: 0.02 },
    ];
    const mentions = [{ ...mention!, probability: 0.5, nilProbability: 0.26, candidates }];
    const rows = linkTable([{ ...one!, links: { ...one!.links, mentions } }])
      .split("\n")
      .slice(2, -1);
    expect(rows.map((row) => row.replace(/ {2,}/g, "|"))).toEqual([
      "c1|Corran|Ida Corran|Singer of a band with a long desc…|━━━━━─────|50 %",
      "|or NIL|not in the knowledge base|━━━───────|26 %",
      "|or Corran|Q2|━━────────|22 %",
    ]);
  });

  it("has no list if nothing changed", () => {
    expect(linkTable(linked(false)).trim()).not.toContain("\n\n");
  });
});
