import type { Entity } from "../core/index.js";
import { fold, foldTogether, wordsOf } from "./fold.js";
import { sexOfGivenName } from "./given-names.js";
import type { Sex } from "./lexicon.js";
import type { NameParts } from "./plain-name.js";

const list = (text: string): ReadonlySet<string> => new Set(text.split(" ").map(fold));

/**
 * Names of properties and their values, with the ids of Wikidata. Source: written for this project from general
 * knowledge.
 */
const PROPERTIES = list(
  "sex gender sexorgender p21 geschlecht sexe genre sexo género gênero sesso genere geslacht płeć pohlaví kön køn kjønn sukupuoli nem cinsiyet пол стать φύλο الجنس",
);
const FEMALE = list(
  "female woman f w weiblich frau feminin féminin femme femenino mujer feminino mulher femminile femmina donna vrouw vrouwelijk kobieta žena kvinna kvinde kvinne nainen kadın женский женщина ж жіноча жінка γυναίκα θήλυ أنثى امرأة q6581072",
);
const MALE = list(
  "male man m männlich mann masculin homme masculino hombre homem maschile maschio uomo mannelijk mężczyzna muž mand mies férfi erkek мужской мужчина м чоловіча чоловік άνδρας άρρεν ذكر رجل q6581097",
);

/** Returns whether a property with this name states the sex of an entity. */
export const isSexProperty = (property: string): boolean => PROPERTIES.has(foldTogether(property));

/** Returns the sex that a property value states, or undefined if it states no known sex. */
export function sexOfValue(value: string): Sex | undefined {
  const words = wordsOf(value);
  if (words.some((word) => FEMALE.has(word))) return "female";
  return words.some((word) => MALE.has(word)) ? "male" : undefined;
}

/** Returns the sex that an entity's properties state, or undefined if they state no known sex. */
export function sexOfEntity({ properties }: Entity): Sex | undefined {
  for (const [property, [value = ""]] of Object.entries(properties)) {
    const sex = isSexProperty(property) ? sexOfValue(value) : undefined;
    if (sex !== undefined) return sex;
  }
  return undefined;
}

/** Returns the sex that the first given name in a name implies, or undefined if it implies none. */
export function impliedSex({ parts }: Pick<NameParts, "parts">): Sex | undefined {
  const given = parts.find(({ kind }) => kind === "given");
  return given && sexOfGivenName(given.word);
}
