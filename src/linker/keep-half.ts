import { counted, type Entity, MmelError } from "../core/index.js";
import { type EntityStore, type Manifest, openStore, pairById, showTarget } from "../kb/index.js";

/** Number of entities that an error names. */
const NAMED = 5;

/**
 * Throws `KB_REPLACE` if `next`, which is about to replace the knowledge base at `target`, lacks more than half of its
 * entities. Such an import is often a slip: a wrong file, mapping or target. Does nothing if there is no knowledge
 * base or if it is damaged, because importing it again is then the remedy.
 */
export async function assertKeepsHalf(
  target: string,
  next: EntityStore,
  signal: AbortSignal | undefined,
): Promise<void> {
  const abort = signal === undefined ? {} : { signal };
  try {
    await using old = await openStore(target, abort);
    if (old.manifest.version === next.manifest.version) return;
    const half = old.manifest.entities / 2;
    let [kept, gone] = [0, 0];
    const named: Entity[] = [];
    for await (const { before, after } of pairById(old.all(abort), next.all(abort))) {
      if (before === undefined) continue;
      if (after !== undefined) kept++;
      else if (++gone <= NAMED) named.push(before);
      if (kept >= half) return;
    }
    throw removal(target, old.manifest, gone, named);
  } catch (error) {
    if (error instanceof MmelError && (error.code === "KB_NOT_FOUND" || error.code === "KB_DAMAGED")) return;
    throw error;
  }
}

function removal(
  target: string,
  { name, version, entities }: Manifest,
  gone: number,
  named: readonly Entity[],
): MmelError {
  const examples = named.map(({ id, label }) => (id === label ? id : `${id} ${label}`));
  const more = gone > examples.length ? ", …" : "";
  return new MmelError("KB_REPLACE", {
    what: `the import would remove ${gone} of the ${counted(entities, "entity", "entities")} in ${name}@${version} (${examples.join(", ")}${more})`,
    where: showTarget(target),
    expected: "an import that keeps at least half of the entities",
    hint: "Add `--replace` (in code: `replace: true`) if this is what you want, keep the other entities with `--update`, or choose another `--kb`.",
  });
}
