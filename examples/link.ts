// Links captions to entities given in code. Run: npx tsx examples/link.ts
import { createLinker } from "mmel";

const entities = [
  { id: "Q41421", label: "Michael Jordan", description: "basketball player", popularity: 9 },
  {
    id: "Q3308285",
    label: "Michael I. Jordan",
    description: "computer scientist at Berkeley",
    popularity: 3,
  },
  { id: "Q128109", label: "Scottie Pippen", description: "basketball player", popularity: 5 },
];
const captions = [
  {
    id: "final",
    text: "Jordan and Pippen after the final",
    mentions: [{ text: "Jordan" }, { text: "Pippen" }],
  },
  {
    id: "lecture",
    text: "The computer scientist Michael Jordan lectures at Berkeley",
    mentions: [{ text: "Michael Jordan" }],
  },
  { id: "broken", text: "No name here", mentions: [] },
];

const linker = await createLinker({ kb: entities, model: "lexical" }); // or kb: "./folder", created by `mmel kb import`
for await (const { caption, links, error } of linker.linkAll(captions)) {
  if (error) console.log(caption.id, error.code);
  else
    for (const { text, entity, probability } of links.mentions)
      console.log(caption.id, text, "→", entity?.id ?? "NIL", probability);
}
await linker.close();
