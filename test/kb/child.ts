/**
 * A child process of the tests: `child.ts import|loop|hold|open TARGET [COUNT] [UID]`.
 * Prints "ready" at the start and one JSON line at the end: the manifest, or an error's code and message.
 */
import { setTimeout } from "node:timers/promises";
import { driverFor } from "../../src/kb/index.js";
import { entity, manyEntities } from "./entities.js";

const [action, target = "", count = "10", uid] = process.argv.slice(2);
const driver = await driverFor(target);
if (uid !== undefined) process.setuid!(Number(uid));
console.log("ready");

async function* endlessEntities() {
  yield entity("first");
  console.log("holding");
  await setTimeout(600_000);
}

async function act(): Promise<unknown> {
  if (action === "open") {
    await using store = await driver.open(target);
    return { ...store.manifest, found: (await store.searchNames("Person")).length };
  }
  if (action === "hold") return driver.import(target, endlessEntities());
  if (action === "import") return driver.import(target, manyEntities(Number(count)));
  for (let index = 1; ; index++) await driver.import(target, manyEntities(Number(count) + (index % 2)));
}

console.log(
  JSON.stringify(
    await act().catch(({ code, message }: { code: string; message: string }) => ({ code, message })),
  ),
);
