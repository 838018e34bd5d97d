import { fold } from "./fold.js";
import { NAME_LANGUAGES, type NameLanguage } from "./languages/index.js";

export type Sex = "female" | "male";

/** Maximum number of words in a phrase in the language tables. */
export const MAX_PHRASE = 4;

type List = (language: NameLanguage) => string | undefined;

/** Returns the folded phrases of one list (such as `particles`), collected from all languages. */
const phrases = (list: List): ReadonlySet<string> =>
  new Set(NAME_LANGUAGES.flatMap((language) => entries(list(language))));

function entries(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map(fold)
    .filter((phrase) => phrase !== "");
}

/**
 * Forms of address, ranks and offices before a name, and the sex that each implies. The sex is undefined unless the
 * title implies the same sex in every language that contains it.
 */
export const TITLES: ReadonlyMap<string, Sex | undefined> = titles();

/** Words in a name that help little to identify a person, such as "van" and "de". */
export const PARTICLES = phrases(({ particles }) => particles);
export const SENIOR = phrases(({ senior }) => senior);
export const JUNIOR = phrases(({ junior }) => junior);
export const MAIDEN_MARKERS = phrases(({ maiden }) => maiden);
export const ALIAS_MARKERS = phrases(({ alias }) => alias);
/** The first words of all titles, the first words of the markers, and the last words of all generations. */
export const TITLE_STARTS = firstWords(TITLES.keys());
export const MARKER_STARTS = firstWords([...MAIDEN_MARKERS, ...ALIAS_MARKERS]);
export const GENERATION_ENDS: ReadonlySet<string> = new Set(
  [...SENIOR, ...JUNIOR].map((phrase) => phrase.split(" ").at(-1)!),
);
export const BORN_MARKERS = phrases(({ born }) => born);
export const DIED_MARKERS = phrases(({ died }) => died);
export const AGE_MARKERS = phrases(({ aged }) => aged);
export const AND_WORDS = phrases(({ and }) => and);
export const BOTH_WORDS = phrases(({ both }) => both);
/**
 * Titles after a name of at least two words: "Mustafa Kemal Paşa". Folded. Source: written for this project from general
 * knowledge.
 */
export const FINAL_TITLES: ReadonlySet<string> = new Set(
  "aga bey beyefendi efendi effendi hanim hanimefendi hatun pasa pasha".split(" "),
);
/**
 * Words before years in which a person was active or ruled, which are not the years of birth and death: "fl. 1850-1870".
 * Folded. Source: written for this project from general knowledge.
 */
export const ACTIVITY_WORDS: ReadonlySet<string> = new Set(
  (
    "active fl floruit flourished r reigned reign ruled office tenure served working tatig wirkte reg regierte regierungszeit amtszeit " +
    "actif regne regna activo activa reino reinado attivo attiva regno ativo ativa reinou actief werkzaam regeerde czynny czynna panowal " +
    "panowania cinny cinna vladl правил правила правления действовал virksom verksam regerede"
  ).split(" "),
);
/** Words before a place or organisation but not before a person: "in", "from". */
export const PLACE_WORDS = phrases(({ places }) => places);
/** Words for relatives ("wife", "son") and for several members of a family ("brothers", "family"). */
export const KIN_WORDS = phrases(({ kin }) => kin);
export const FAMILY_WORDS = phrases(({ family }) => family);
/** Words that reveal the sex of a person ("she", "his"). Excludes words that mean the other sex in another language. */
export const SEX_WORDS = sexWords();

/**
 * Titles that also precede names of places and organisations: "Old", "former", "St.". Source: the tables of
 * `languages/`.
 */
const OPEN_TITLES: ReadonlySet<string> = new Set(
  "former,late,young,old,then,acting,ex,alt,st,saint,sainte,ste,sankt,skt,san,santo,santa,são,św,св,szent,pyhä,oud,fhv,f d,αγ,πρώην,экс,екс"
    .split(",")
    .map(fold),
);

/** Returns whether a title shows that the name after it is a person's. */
export const impliesPerson = (title: string): boolean => !OPEN_TITLES.has(title);

/**
 * Titles in some language that are more often given names elsewhere ("Dean", "Don"). They count as titles only after
 * another title. Source: written for this project from general knowledge.
 */
export const GIVEN_NAME_TITLES: ReadonlySet<string> = new Set(
  "amir amira anya carice dean doc dom don donna frei he irma isa mor nat pan papa pape pere phil regina".split(
    " ",
  ),
);

/**
 * Words for a generation that are also names. They count only in small letters, after a comma or before a full stop, and
 * not as the only word after the family name ("Maki, Jun").
 */
export const FAMILY_NAME_GENERATIONS: ReadonlySet<string> = new Set(
  "cadet genc id jun kucuk pai pere sen st syn".split(" "),
);

/** Postnominals that are also family names. Without capitals, they count only after a comma. */
export const FAMILY_NAME_POSTNOMINALS: ReadonlySet<string> = new Set("afc ara bed feng roi rosa".split(" "));

/**
 * Letters after a name: degrees, orders, honours and memberships. Source: written for this project from general
 * knowledge.
 */
export const POSTNOMINALS: ReadonlySet<string> = new Set(
  (
    "phd dphil md dds dvm jd llb llm lld ba bsc ma msc mba mfa mphil bfa bed edd scd dsc dlitt dd bd mp mep msp am msc ra rn cpa esq pc kc qc sc ret " +
    "kg kt kp om ch gcb kcb dcb cb gcmg kcmg dcmg cmg gcvo kcvo dcvo cvo lvo mvo gbe kbe dbe cbe obe mbe bem vc gc dso dsc dfc dcm mm mc afc " +
    "frs frse fba fraes fsa frcp frcs frsa frsl fras frgs fmedsci freng riba frib frics fsa pra ara rsa rws rba roi rha aia faia ara arsa rsw " +
    "sj osb ofm op cssr cm svd ssj osa ocd ofmcap sdb oc cc ccm cq onz ao ac oam ca mbbs bvsc frcpsych feng usn usaf usmc usa raf rn mdb mdl mdep csc drsc"
  ).split(" "),
);

function firstWords(all: Iterable<string>): ReadonlySet<string> {
  return new Set(Array.from(all, (phrase) => phrase.split(" ")[0]!));
}

function sexWords(): ReadonlyMap<string, Sex> {
  const male = phrases((language) => language.male);
  const female = phrases((language) => language.female);
  const only = (words: ReadonlySet<string>, others: ReadonlySet<string>, sex: Sex) =>
    [...words].filter((word) => !others.has(word)).map((word) => [word, sex] as const);
  return new Map([...only(male, female, "male"), ...only(female, male, "female")]);
}

function titles(): ReadonlyMap<string, Sex | undefined> {
  const found = new Map<string, Sex | undefined>();
  const add = (phrase: string, sex: Sex | undefined): void => {
    found.set(phrase, found.has(phrase) && found.get(phrase) !== sex ? undefined : sex);
  };
  for (const language of NAME_LANGUAGES) {
    for (const phrase of entries(language.titles.male)) add(phrase, "male");
    for (const phrase of entries(language.titles.female)) add(phrase, "female");
    for (const phrase of entries(language.titles.either)) add(phrase, undefined);
  }
  return found;
}
