import type { Command } from "commander";
import { counted, MmelError } from "../../../core/index.js";
import { type Context, print } from "../../context.js";
import { jsonOption, kbOption } from "../../options.js";
import { createStages } from "../../progress.js";
import { plain } from "../../table.js";

/** Maximum number of places to list. */
const LISTED = 100;

export function installVerify(kb: Command, context: Context): void {
  kb.command("verify")
    .description("Check a complete knowledge base for damage, and list the damaged places")
    .addOption(kbOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Reads every file, entity and index and compares them with their checksums; a folder is also checked with SQLite's
integrity check. The exit code is 1 if there is damage.

Examples:
  mmel kb verify --kb ./people
  mmel kb verify --kb "postgres://linker@db.example.org/catalogue?kb=people" --json`,
    )
    .action((options: { kb: string; json?: boolean }) => verify(context, options));
}

async function verify(context: Context, { kb, json }: { kb: string; json?: boolean }): Promise<void> {
  const { driverFor, SCHEMA, showTarget } = await import("../../../kb/index.js");
  const driver = await driverFor(kb);
  using stages = createStages(context);
  const { manifest, checked, damage } = await driver.verify(kb, {
    signal: context.signal,
    onProgress: stages.update,
  });
  stages[Symbol.dispose]();
  const places = damage
    .slice(0, LISTED)
    .map(({ detail }) => ({ where: detail.where ?? "", what: detail.what }));
  const target = showTarget(kb);
  const name = `${manifest.name}@${manifest.version}`;
  const old = manifest.schema < SCHEMA;
  if (json)
    await print(
      context,
      `${JSON.stringify({ ...manifest, intact: damage.length === 0, checked, old, damages: damage.length, damage: places })}\n`,
    );
  else if (damage.length > 0)
    await print(context, places.map(({ where, what }) => `${plain(`${where}: ${what}`)}\n`).join(""));
  else
    await print(
      context,
      `${target} (${name}) is intact: ${checked.map(({ what, count }) => counted(count, what, pluralOf(what))).join(", ")} checked.\n${old ? OLD : ""}`,
    );
  if (damage.length === 0) return;
  throw new MmelError("KB_DAMAGED", {
    what: `the knowledge base ${name} is damaged in ${counted(damage.length, "place")}`,
    where: target,
    expected: "data that matches its checksums",
    hint: "Import the knowledge base again.",
  });
}

const OLD =
  "An older version of mmel wrote it without checksums of rows. To add them, import it again, or run `mmel kb pack --kb … --output FILE` and `mmel kb unpack FILE --kb …`.\n";

const pluralOf = (noun: string): string => (noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`);
