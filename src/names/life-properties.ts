import { foldTogether } from "./fold.js";
import { LIFE_PROPERTY_NAMES } from "./life-property-names.js";

const list = (text: string): ReadonlySet<string> => new Set(text.split(", ").map(foldTogether));

const NAMES = {
  birth: list(LIFE_PROPERTY_NAMES.birth),
  death: list(LIFE_PROPERTY_NAMES.death),
  life: list(LIFE_PROPERTY_NAMES.life),
};

/** Returns what a property with this name states: the date of birth, the date of death, both, or neither. */
export function lifeProperty(property: string): "birth" | "death" | "life" | undefined {
  const key = foldTogether(property);
  if (NAMES.birth.has(key)) return "birth";
  if (NAMES.death.has(key)) return "death";
  return NAMES.life.has(key) ? "life" : undefined;
}
