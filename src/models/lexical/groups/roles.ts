import { impliesPerson, type TitleRoles } from "../../../names/index.js";
import type { MentionFacts } from "../caption-facts.js";
import type { EntityProfile } from "../entity-profile.js";
import { type FeatureGroup, type FeatureRow, positions } from "../feature-row.js";

const FEATURES = [
  "role beside agrees",
  "role beside differs",
  "role elsewhere agrees",
  "kind beside agrees",
  "kind beside differs",
  "type agrees",
  "type differs",
  "title, person",
  "title, not person",
  "place word, person",
  "place word, not person",
  "title differs",
  "office differs",
] as const;
const F = positions(FEATURES);

/**
 * Features that compare the roles and kinds of entity near the mention ("Physikerin", "the river", in many languages)
 * with the roles and the kind of the candidate, and so the occupations that its titles suggest. Other features compare the candidate's kind with the mention's type,
 * with its title, and with a word such as "in" or "at" before it.
 */
export const roles: FeatureGroup = {
  features: FEATURES,
  fill: ({ mention }, { profile }, row) => {
    fillRoles(mention, profile, row);
    const { placed, type, parsed } = mention;
    const titled = parsed.titles.some(impliesPerson);
    if (!titled && !placed && type === undefined) return;
    const kind = profile.kind();
    if (kind === undefined) return;
    const isPerson = kind === "person";
    if (titled) row.put(isPerson ? F["title, person"] : F["title, not person"], 1);
    if (placed) row.put(isPerson ? F["place word, person"] : F["place word, not person"], 1);
    if (type !== undefined) row.put(type === kind ? F["type agrees"] : F["type differs"], 1);
  },
};

function fillRoles(
  { beside, elsewhere, titleRoles }: MentionFacts,
  profile: EntityProfile,
  row: FeatureRow,
): void {
  if (beside.length === 0 && elsewhere.length === 0 && titleRoles === undefined) return;
  const roles = profile.roles();
  const titled = titleRoles === undefined ? 0 : titleAgreement(titleRoles, roles);
  const agrees = beside.some(({ role }) => roles.has(role)) ? 1 : titled;
  row.put(F["role beside agrees"], agrees);
  if (agrees === 0 && (beside.length > 0 || titleRoles !== undefined) && roles.size > 0)
    row.put(F["role beside differs"], 1);
  if (agrees === 0 && titleRoles !== undefined && isContradicted(titleRoles, profile))
    row.put(titleRoles.strength === "office" ? F["office differs"] : F["title differs"], 1);
  if (elsewhere.some(({ role }) => roles.has(role))) row.put(F["role elsewhere agrees"], 1);
  const kind = beside.length === 0 ? undefined : profile.kind();
  if (kind === undefined) return;
  row.put(beside.some((role) => role.kind === kind) ? F["kind beside agrees"] : F["kind beside differs"], 1);
}

/** The value of "role beside agrees" if an entity has not the title's occupation but one that often goes with it. */
const NEAR = 0.5;

/** Returns how well an entity's roles agree with a mention's titles, in [0, 1]. */
function titleAgreement({ own, near }: TitleRoles, roles: ReadonlySet<number>): number {
  if (meet(own, roles)) return 1;
  return meet(near, roles) ? NEAR : 0;
}

/** Returns whether an entity has other roles than its title would give it, and no name with such a title. */
const isContradicted = ({ words, strength }: TitleRoles, profile: EntityProfile): boolean =>
  strength !== "none" && profile.roles().size > 0 && !meet(words, profile.nameWords());

/** Returns whether two sets have an element in common. */
function meet<T>(one: ReadonlySet<T>, other: ReadonlySet<T>): boolean {
  for (const element of one) if (other.has(element)) return true;
  return false;
}
