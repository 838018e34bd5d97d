// Links captions with a running service. Run: npx mmel serve, then npx tsx examples/http-client.ts [URL]
import { createClient, ServiceError } from "mmel/client";

const client = createClient({ url: process.argv[2] ?? "http://127.0.0.1:8080" });
try {
  const { mentions } = await client.link({
    id: "1",
    text: "Jordan with Pippen in 1996",
    mentions: [{ text: "Jordan" }, { text: "Pippen" }],
  });
  for (const { text, entity, probability } of mentions)
    console.log(text, "→", entity?.label ?? "NIL", probability);
  await client.link({ id: "2", text: "A caption without names", mentions: [] });
} catch (error) {
  if (!(error instanceof ServiceError)) throw error;
  console.log(error.problem.code, error.problem.detail);
}
