// Finds the names in plain text, then links them. Run: npx tsx examples/detect.ts
import { createLinker } from "mmel";

const linker = await createLinker({
  kb: [
    { id: "ada", label: "Ada Lovelace", description: "mathematician" },
    { id: "charles", label: "Charles Babbage", description: "inventor of the difference engine" },
  ],
  model: "lexical",
  detect: true,
});
const text = "Ada Lovelace explains the engine of Charles Babbage.";
const { mentions } = await linker.link({ id: "1", text });
for (const { start, end, entity } of mentions)
  console.log(`${start}–${end}`, text.slice(start, end), "→", entity?.id ?? "NIL");
await linker.close();
