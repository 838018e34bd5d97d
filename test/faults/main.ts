/** `npm run faults -- --kills 40 [--rounds 10] [--seed N] [--command NAME] [--fault NAME]` */
import { parseArgs } from "node:util";
import { applies, FAULTS, missing, openWorkshop, trial } from "./campaign.js";
import { COMMANDS } from "./commands.js";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "10" },
    rounds: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    command: { type: "string", multiple: true },
    fault: { type: "string", multiple: true },
  },
});

const row = (...cells: readonly (string | number)[]): string =>
  cells.map((cell, at) => (at < 2 ? String(cell).padEnd(20) : String(cell).padStart(10))).join("");

await using workshop = await openWorkshop();
console.log(row("command", "fault", "rounds", "hit", "failures"));
let failed = 0;
for (const command of COMMANDS.filter(({ name }) => values.command?.includes(name) ?? true))
  for (const fault of FAULTS.filter((name) => values.fault?.includes(name) ?? true)) {
    if (!applies(command, fault)) continue;
    const why = missing(command, fault, workshop.disks);
    if (why !== undefined) {
      console.log(row(command.name, fault, `skipped: ${why}`));
      continue;
    }
    const rounds = Number(fault === "kill" ? values.kills : values.rounds);
    const { hit, failures } = await trial(workshop, command, fault, { rounds, seed: values.seed });
    console.log(row(command.name, fault, rounds, hit, failures.length));
    for (const failure of failures.slice(0, 5)) console.log(`  ${failure}`);
    failed += failures.length;
  }
process.exitCode = failed > 0 ? 1 : 0;
