import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driverFor } from "../../src/kb/index.js";
import { storeContract } from "./store-contract.js";

storeContract("sqlite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mmel-kb-"));
  return {
    driver: await driverFor(folder),
    target: join(folder, "a kb #1?"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
});
