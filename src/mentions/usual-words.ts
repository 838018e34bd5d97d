import { fold, rolesIn } from "../names/index.js";

/**
 * For each language, frequent words that are not names by themselves: articles, prepositions, conjunctions, pronouns,
 * forms of "to be" and some adverbs. Source: written for this project from school grammars.
 */
const FUNCTION_WORDS: Readonly<Record<string, string>> = {
  en: "a an the of in on at with and or by for from to as his her its their he she it they this that these those who which is are was were be been has have had not no but after before during near left right when where",
  de: "der die das den dem des ein eine einen einem einer eines und oder mit bei beim von vom im in am an auf aus zu zum zur für vor nach über unter zwischen ist sind war waren wird wurde hat er sie es ihr sein seine ihre nicht auch als wie links rechts",
  fr: "le la les un une des du de et ou avec dans sur sous par pour chez au aux en à est sont était il elle ils elles son sa ses leur ce cette ces qui que ne pas après avant devant gauche droite",
  es: "el la los las un una unos unas de del y o con en por para al es son era su sus este esta que se no desde hasta sobre entre izquierda derecha",
  it: "il lo la i gli le un uno una di del della dei delle e o con in nel nella da dal dalla per al alla su sul è sono era suo sua che non si tra fra sinistra destra",
  pt: "o a os as um uma uns umas de do da dos das e ou com em no na nos nas por para ao à é são era seu sua que não se entre esquerda direita",
  nl: "de het een en of met in op aan van voor door bij naar uit te ten ter is zijn was waren hij zij haar hun dit dat deze die niet na over links rechts",
  pl: "i w we z ze na do od po przy o u dla jest są był była były jego jej ich ten ta to które który oraz się nie przed nad pod lewej prawej",
  cs: "a v ve s se z ze na do od po při o u pro je jsou byl byla byli jeho její jejich ten ta to který která před nad pod vlevo vpravo",
  ru: "и в во с со на у о об из за по от до для к ко при его её ее их он она они это этот эта что как не был была были после перед слева справа",
  uk: "і й та в у з із зі на о об за по від до для к при його її їх він вона вони це цей ця що як не був була були після перед",
  tr: "ve ile bir bu şu o için de da ki mi gibi olan olarak sonra önce kadar en çok daha onun değil",
  sv: "och i på av med för till från den det ett en som är var han hon de deras hans hennes inte efter vid hos vänster höger",
  da: "og i på af med for til fra den det et en som er var han hun de deres hans hendes ikke efter ved hos",
  fi: "ja on oli ovat hän he se tämä kanssa jälkeen ennen että joka kuin ei myös",
  hu: "a az és egy ez hogy nem van volt ő ők való után előtt mellett között",
  ro: "și cu în la din de pe pentru un o al ale este sunt era lui ei că nu după",
  el: "ο η το οι τα του της των τον την τους και με στο στη στην στον στους σε από για ένα μια είναι ήταν που δεν μετά",
  ar: "في من على إلى عن مع هذا هذه ذلك التي الذي كان كانت بعد قبل عند بين و أو هو هي",
};

/** Words, mostly nouns, that captions often begin with, in several languages. Source: written for this project. */
const CAPTION_WORDS =
  `album bas-relief bronze bust caricature cartoon closeup coin cover daguerreotype detail drawing engraving etching
  exterior fresco frontispiece grave headshot illustration image interior lithograph logo marble medal memorial
  miniature monument mosaic mugshot mural painting photo photograph photos picture plaque portrait postcard poster
  print relief ruins scene screenshot sculpture selfie signature sketch stamp statue still tomb view waxwork woodcut
  front back row left right top bottom centre center exhibition installation retrospective opening studio offices headquarters visit meeting
  letter wedding funeral birth death brothers sisters twins brother sister frères sœurs hermanos hermanas fratelli sorelle irmãos irmãs
  brüder schwestern gebrüder geschwister broers zussen bracia siostry bratři sestry братья сёстры близнецы kardeşler bröder systrar brødre søstre
  bildnis porträt ausstellung eröffnung besuch brief gemälde zeichnung stich büste denkmal grab atelier werkstatt haus hochzeit
  beerdigung tod geburt treffen konzert aufnahme ansicht blick szene vordergrund hintergrund reihe mitte links rechts eheleute ehepaar
  vernissage inauguration visite lettre mariage maison tombe buste gravure dessin affiche vue atelier
  retrato exposición inauguración visita carta boda casa tumba busto dibujo grabado vista taller estudio
  ritratto mostra inaugurazione visita lettera nozze casa tomba busto disegno incisione veduta studio
  exposição inauguração carta casamento túmulo desenho gravura estúdio oficina
  portret tentoonstelling opening bezoek brief bruiloft huis graf tekening gezicht
  wystawa otwarcie wizyta list ślub dom grób pomnik popiersie rysunek portret pracownia wernisaż zdjęcie
  výstava zahájení návštěva dopis svatba dům hrob pomník busta kresba portrét ateliér vernisáž snímek
  портрет выставка открытие визит встреча письмо свадьба дом могила памятник бюст рисунок мастерская ателье снимок фото вид
  портрет виставка відкриття лист весілля будинок пам'ятник
  sergi sergisi portre portresi mektup düğün ev mezar anıt büst resim atölye
  porträtt utställning besök brev bröllop hus grav udstilling portræt muotokuva näyttely kiállítás portré
  πορτρέτο έκθεση επίσκεψη επιστολή γάμος σπίτι τάφος άγαλμα`.split(/\s+/u);

const LANGUAGES: readonly (readonly [language: string, words: ReadonlySet<string>])[] = Object.entries(
  FUNCTION_WORDS,
).map(([language, words]) => [language, new Set(words.split(" ").map(fold))]);

const CAPTIONS: ReadonlySet<string> = new Set(CAPTION_WORDS.map(fold));
const USUAL: ReadonlySet<string> = new Set([...LANGUAGES.flatMap(([, words]) => [...words]), ...CAPTIONS]);

/**
 * Names of feasts in one word, without those that are also names of people ("Noël", "Natale", "Ramazan"). Source: written
 * for this project from general knowledge.
 */
const FEASTS: readonly string[] =
  "christmas xmas easter whitsun pentecost thanksgiving halloween epiphany hanukkah ramadan weihnachten ostern pfingsten fronleichnam fasching fasnacht karneval advent heiligabend karfreitag palmsonntag ostersonntag ostermontag pfingstsonntag pfingstmontag rosenmontag erntedank pâques pentecôte carnaval navidad nochebuena nochevieja pascua pentecostés pasqua pasquetta carnevale capodanno pentecoste ferragosto natal páscoa kerst kerstmis pasen pinksteren sinterklaas wielkanoc wigilia zaduszki vánoce velikonoce рождество пасха масленица різдво великдень jul påske påsk juhannus karácsony húsvét πάσχα χριστούγεννα"
    .split(" ")
    .map(fold);

/** Names of months, days of the week and feasts, folded. Source of months and days: CLDR, through the `Intl` interface. */
const CALENDAR: ReadonlySet<string> = new Set([
  ...FEASTS,
  ...Object.keys(FUNCTION_WORDS).flatMap((language) => {
    const months = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
    const days = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
    const month = Array.from({ length: 12 }, (_, index) => months.format(Date.UTC(2000, index, 1)));
    return [
      ...month,
      ...Array.from({ length: 7 }, (_, index) => days.format(Date.UTC(2000, 0, 2 + index))),
    ].map(fold);
  }),
]);

/**
 * Returns whether a folded word is common in captions in at least one language: a word that captions often begin with,
 * a function word, the name of a month or day, or a word for a role.
 */
export function isUsual(word: string): boolean {
  return USUAL.has(word) || CALENDAR.has(word) || rolesIn([word]).length > 0;
}

/** Returns whether a folded word is a word that captions often begin with, or the name of a month, day or feast. */
export const isCaptionWord = (word: string): boolean => CAPTIONS.has(word) || CALENDAR.has(word);

/**
 * Returns whether a folded word is common in captions in a language. In English texts and texts in an unknown language,
 * only the words of `isCaptionWord` and English function words count. Words for roles do not, because some are also
 * family names. In any other language, the words of `isUsual` count.
 */
export function isUsualIn(language: string | undefined, word: string): boolean {
  if (language !== "en" && language !== undefined) return isUsual(word);
  return isCaptionWord(word) || isFunctionWord(word, "en");
}

/** Returns whether a folded word is the name of a month, of a day of the week or of a feast. */
export const isCalendarWord = (word: string): boolean => CALENDAR.has(word);

/**
 * Returns whether a folded word is a function word in a language, such as an article, a preposition or a pronoun. If
 * the language is unknown or has no list, the words of all languages count.
 */
export function isFunctionWord(word: string, language: string | undefined): boolean {
  const known = LANGUAGES.find(([code]) => code === language);
  return known === undefined ? LANGUAGES.some(([, words]) => words.has(word)) : known[1].has(word);
}

/** A folded word of a text, and its weight in the choice of the text's language. */
interface Vote {
  readonly word: string;
  readonly weight: number;
}

/**
 * Returns the language (ISO 639-1) whose function words have the largest total weight. Returns undefined if several
 * languages have the same largest weight, for example 0.
 */
export function languageOf(votes: readonly Vote[]): string | undefined {
  const totals = LANGUAGES.map(([language, known]) => ({
    language,
    total: votes.reduce((sum, { word, weight }) => sum + (known.has(word) ? weight : 0), 0),
  })).sort((a, b) => b.total - a.total);
  const [first, second] = totals;
  return first!.total > second!.total ? first!.language : undefined;
}

/** Articles, and prepositions joined with articles, folded. Source: written for this project from school grammars. */
const DETERMINERS: ReadonlySet<string> = new Set(
  "a an the der die das den dem des ein eine einen einem einer eines im am beim zum zur vom ins ans le la les un une du des au aux el los las una unos unas al il lo gli i o os as um uma do da dos het een den det en et ett bir"
    .split(" ")
    .map(fold),
);

/** Returns whether a folded word is an article, or a preposition joined with an article. */
export const isDeterminer = (word: string): boolean => DETERMINERS.has(word);
