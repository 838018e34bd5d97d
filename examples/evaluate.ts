// Imports a catalogue, looks entities up, and measures how well captions with known entities are linked.
// Run: npx tsx examples/evaluate.ts FOLDER
import { createLinker, evaluate, importKb } from "mmel";

const kb = process.argv[2] ?? "./artists";
const { entities } = await importKb(kb, [
  { id: "7", label: "Mary Cassatt", properties: { birth: ["1844"], occupation: ["painter"] } },
  { id: "8", label: "Berthe Morisot", properties: { birth: ["1841"], occupation: ["painter"] } },
  { id: "9", label: "Edma Morisot", properties: { birth: ["1839"], occupation: ["painter"] } },
]);
console.log(entities, "entities in", kb);

const linker = await createLinker({ kb, model: "lexical" });
for (const { entity, name, score } of await linker.search("Morisot", { limit: 2 }))
  console.log(entity.id, name, score.toFixed(2));
console.log((await linker.entity("7"))?.properties.birth);
await linker.close();

const captions = [
  { id: "1", text: "A print by Cassatt", mentions: [{ text: "Cassatt", gold: "7" }] },
  { id: "2", text: "Berthe Morisot at her easel", mentions: [{ text: "Berthe Morisot", gold: "8" }] },
  { id: "3", text: "Manet paints a bar", mentions: [{ text: "Manet", gold: null }] }, // not in the catalogue
];
const { result, records } = await evaluate(captions, { kb, model: "lexical" });
console.log(`correct: ${100 * (result.linkedAccuracy ?? 0)} % of ${records.length} mentions`);
