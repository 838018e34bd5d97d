import type { Entity } from "../../core/index.js";
import { fold, type Sex, wordsOf } from "../../names/index.js";

const list = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Names of properties and their values, folded. Source: written for this project from general knowledge. */
const PROPERTIES = list(
  "sex gender sexorgender geschlecht sexe sexo sesso geslacht plec pohlavi kon cinsiyet пол",
);
const FEMALE = list(
  "female woman f w weiblich frau feminin femme femenino mujer feminino mulher femminile donna vrouw vrouwelijk kobieta zena kvinna kvinde женскии kadin",
);
const MALE = list(
  "male man m mannlich mann masculin homme masculino hombre homem maschile uomo mannelijk mezczyzna muz man mand мужскои erkek",
);

/** Returns the sex that an entity's properties state, or undefined if they state no known sex. */
export function sexOfEntity({ properties }: Entity): Sex | undefined {
  for (const [property, [value = ""]] of Object.entries(properties)) {
    if (!PROPERTIES.has(fold(property).replaceAll(" ", ""))) continue;
    const words = wordsOf(value);
    if (words.some((word) => FEMALE.has(word))) return "female";
    if (words.some((word) => MALE.has(word))) return "male";
  }
  return undefined;
}
