import { remembered } from "../../names/index.js";

/**
 * A list of words for each key. Spaces separate the words of a list. Words are folded; `*` at the end of a word matches
 * any ending. The lists were compiled for this project from general knowledge.
 */
type Table<K extends string> = Readonly<Record<K, string>>;

/** Words in occupations, positions and descriptions, by the field of activity that they indicate. */
const FIELD_WORDS = {
  politics:
    "politician* statesperson* statesman* diplomat* minister president senator congress* governor mayor ambassador lobbyist political party councillor legislator parliament* chancellor premier spokesperson civil revolutionary",
  law: "lawyer* judge* jurist* barrister* solicitor* attorney* prosecutor* legal magistrate* notary",
  screen:
    "film television actor* actress* screenwriter* cinematographer* presenter* comedian* voice dub seiyu stunt director producer broadcaster* radio youtuber podcaster* host anchor showrunner",
  stage:
    "stage theatre theater playwright* dramaturge* dancer* ballet choreographer* librettist* circus mime cabaret magician*",
  music:
    "singer* songwriter* musician* composer* pianist* guitarist* rapper* drummer* violinist* cellist* conductor* bandleader* disc lyricist* saxophonist* music musicologist* record band bassist* organist* trumpeter* banjoist*",
  opera: "opera soprano tenor baritone mezzo bass librettist",
  football: "football footballer* soccer",
  sport:
    "basketball baseball tennis hockey cricketer* cricket rugby player athlete* athletics swimmer* skier* skater* wrestler* boxer* gymnast* sprinter* runner* golfer* coach referee* judoka karateka kickboxer* weightlifter* rower* fencer* jockey* mountaineer* climber* volleyball handball sport* olympic chess bodybuilder* rikishi taekwondo powerlifter* surfer* snowboarder* archer",
  motor: "motorcycle racing racer* racecar rally driver* cyclist* formula",
  military:
    "military soldier* officer general admiral* army navy marine sailor* samurai partisan* condottiero commander* colonel mercenary fighter spy warlord*",
  royalty:
    "monarch* sovereign* king queen emperor empress prince princess duke duchess sultan pharaoh aristocrat* noble* ruler* tsar pope count regnant consort socialite* courtier*",
  religion:
    "priest* bishop* theologian* pastor* cleric* missionary rabbi* monk* nun preacher* cardinal archbishop* imam religious evangelist* saint",
  writing:
    "writer* author* poet* novelist* journalist* essayist* biographer* autobiographer* editor* columnist* critic* translator* diarist* blogger* memoirist* publisher* reporter* playwright* opinion contributing",
  learning:
    "scientist* physicist* chemist* mathematician* economist* historian* philosopher* professor* teacher* university sociologist* linguist* anthropologist* botanist* astronomer* geologist* psychologist* academic* pedagogue* archaeologist* biologist* zoologist* naturalist* librarian* philologist* statistician* scholar* political scientist geographer* orientalist* entomologist* ornithologist* educator*",
  medicine:
    "physician* surgeon* doctor nurse* medical psychiatrist* dentist* pharmacist* neurologist* veterinarian*",
  business:
    "businessperson* businessman* banker* entrepreneur* merchant* business executive industrialist* financier* farmer* landowner* investor* stockbroker* restaurateur* manager planter* trader*",
  art: "painter* sculptor* photographer* artist* architect* designer* illustrator* engraver* cartoonist* art drawer* ceramicist* draughtsman",
  activism:
    "activist* feminist* suffragette* suffrage trade unionist* abolitionist* pacifist* humanitarian* anarchist* reformer* communard* rights philanthropist* resistance advocate*",
  model: "model* beauty playboy playmate pornographic pageant fashion",
  place:
    "city cities town village country state river region island capital municipality mountain* lake province county district territory kingdom sea desert rainforest forest park",
  creature:
    "animal* species mammal* bird* fish cat feline predator reptile* insect* plant* tree* fruit genus breed",
  company:
    "company companies manufacturer* brand* corporation retailer* firm carmaker automaker airline* multinational enterprise software technology",
  adventure: "aviator* astronaut* explorer* engineer* inventor* navigator* pilot* cosmonaut* conquistador*",
} as const satisfies Table<string>;

/** Words in captions, by the topic that they indicate. */
const TOPIC_WORDS = {
  office:
    "president presidential presidents minister ministers ministry secretary governor senator senators senate sen congress congressman congresswoman congressional representatives representative rep mayor ambassador parliament parliamentary chancellor premier deputy commissioner cabinet treasury chairman mep mp assembly council speaker undersecretary vice diplomat legislature gov officials congressmen ministerial lawmaker",
  election:
    "election elections campaign campaigning candidate gubernatorial party rally convention democratic republican conservative conservatives labour nominee debate inauguration elected voters ballot vote primary cpac supporters",
  summit:
    "summit forum conference meeting meets meet visit treaty talks delegation nato un eu european commission foreign affairs davos bilateral discuss discussing economic security press pentagon kremlin leaders signing state department",
  court: "court judge justice supreme trial attorney lawyer law justices judicial tribunal",
  screen:
    "film films movie premiere premiering comic con comiccon wondercon paleyfest cannes tribeca sundance festival screening trailer hollywood actor actress actors tv television series episode show sitcom starring role scene filming cast emmy oscar oscars academy golden globe globes bafta sag publicity studio silent character poster mtv cbs nbc abc panel premieres screenplay director directed fame star tiff berlinale photocall bollywood filmfare dvd",
  stage:
    "broadway theatre theater play playing production ballet dance comedy vaudeville musical macbeth hamlet costume revival drama ziegfeld dancer",
  music:
    "concert performing performs performance singing sings singer song songs album band tour music stage grammy mtv live guitar piano rock recording radio record pop jazz eurovision duet sang vocals single festival acoustic gig coachella musician drums",
  opera: "opera soprano tenor baritone aria verdi wagner puccini tosca carmen metropolitan scala operatic",
  football:
    "football footballer soccer match goal goals against training warming friendly league premier cup uefa fifa championship championships fc chelsea arsenal liverpool manchester madrid barcelona juventus ajax villa everton tottenham bayern dortmund milan inter roma lazio cardiff sunderland newcastle ham fulham hull leicester portsmouth celtic rangers galaxy opponent defender midfielder striker goalkeeper squad pitch penalty kick bundesliga serie club united mls euro stadium scoring captain pre warm psg porto benfica valencia sevilla derby wigan bolton blackburn middlesbrough palace albion norwich southampton stoke leeds hotspur wolves forest",
  sport:
    "olympics olympic championship championships medal medals tennis wimbledon basketball nba baseball nfl hockey nhl game games race races team coach athletics marathon ski skiing slalom golf boxing wwe wrestling bout cricket rugby swimming skating match tournament bowl yankees dodgers sox training lakers celtics draft quarterback playoffs sprint gymnastics chess volleyball",
  motor:
    "prix grand motogp formula racing honda yamaha ducati rally nascar circuit rider superbike moto suzuki lap ferrari mclaren podium indycar cycling tour",
  war: "war army navy military naval battle lieutenant colonel major captain admiral general commander troops soldiers soldier regiment marshal corps force forces marine brigadier officer front confederate fort siege battalion brigade afghanistan iraq battlefield squadron cavalry",
  royal:
    "king queen prince princess duke duchess emperor empress royal coronation grand tsar tsarina sultan imperial throne court crown archduke archduchess reign earl viscount baron baroness lord lady countess count marquess marquis robes dynasty palace castle infanta majesty pasha",
  church:
    "pope bishop cardinal archbishop church cathedral saint priest reverend abbey abbot monk missionary vatican rev temple",
  writing:
    "book books novel author poet writer newspaper journalist reading reads poem published magazine biography editor signing literary novelist poetry pulitzer",
  learning:
    "professor university college lecture institute academy science nobel student students research laboratory philosopher economist historian dr graduate yearbook harvard yale oxford cambridge",
  business: "company ceo bank business founder corporation chairman executive economic factory entrepreneur",
  art: "artist painter sculptor gallery exhibition studio museum painting",
  activism:
    "strike union protest march suffrage suffragette women rights demonstration activist civil arrested labor movement peace feminist workers freedom pankhurst prison",
  fashion:
    "fashion model runway vogue miss pageant swimsuit dress magazine cover avn playboy adult expo party photoshoot victoria",
  convention:
    "expo convention panel awards award ceremony gala event carpet premiere glaad gallifrey dragon paleyfest launch nominees peabody",
  nature:
    "wild wildlife zoo rainforest jungle tree trees prey hunting cub cubs species animal animals feeding savanna forest cat cats safari reserve habitat",
  travel:
    "river city map travel travelled tourists tourist coast skyline capital border bridge aerial view town village mountains harbour harbor banks flows population street streets",
  trade:
    "company factory shares ceo headquarters cars car employees customers warehouse product products launched brand dealership plant software store stores stock investors model engine sales vehicle delivery",
  photo:
    "photo photograph photographed photos pictured photographer photographic image picture taken camera portrait headshot photoshoot snapshot mugshot",
  painting:
    "portrait painted painting oil canvas miniature fresco by attributed workshop portraits kneller reynolds gainsborough lely van dyck holbein titian sargent hals rubens mural",
  print:
    "engraving engraved lithograph drawing etching woodcut caricature caricatured cartoon daguerreotype sketch print illustration spy vanity fair brady depicted depiction manuscript drawn illustrated miniature carte visite",
  memorial:
    "statue bust grave tomb monument memorial plaque stamp stamps coin banknote mask cemetery street avenue sculpture bronze marble statuary commemorative commemorating tombstone headstone gravestone funeral buried mausoleum sarcophagus honoring birthplace museum medallion postage medal obelisk effigy relief named anniversary depicting burial",
  family:
    "wife husband father mother son daughter brother sister married wedding family marriage children child uncle niece nephew spouse grandson fiancee parents cousin twin widow siblings sons daughters",
  youth: "young boy girl child youth early aged age childhood teenager student school yearbook younger baby",
  late: "late later last shortly before death old retired elderly former aged years career final",
  recent:
    "youtube twitter selfie instagram blog podcast microsoft google wikimedia ted website interview blogger",
} as const satisfies Table<string>;

export type Field = keyof typeof FIELD_WORDS;
export type Topic = keyof typeof TOPIC_WORDS;

export const FIELDS = Object.keys(FIELD_WORDS) as readonly Field[];
export const TOPICS = Object.keys(TOPIC_WORDS) as readonly Topic[];

/** Maps topics to the fields that they indicate. Covers only the fields without entities in the training data. */
export const OWN_FIELD: Readonly<Partial<Record<Topic, Field>>> = {
  nature: "creature",
  travel: "place",
  trade: "company",
};

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

export const FEMALE_WORDS = words(
  "she her hers herself woman actress queen princess duchess countess lady mrs miss ms dame empress mother wife daughter sister girl madame mme widow aunt niece grandmother goddess heroine congresswoman baroness née nee mademoiselle sra frau doña donna suffragette waitress bride nun archduchess tsarina infanta businesswoman spokeswoman chairwoman marchioness viscountess maiden ballerina soprano",
);
export const MALE_WORDS = words(
  "he his him himself man actor king prince duke count lord mr sir emperor father husband son brother boy baron earl viscount uncle nephew grandfather congressman gentleman monsieur herr señor don marquess archduke tsar sultan businessman spokesman chairman groom monk priest bishop pope captain colonel general admiral tenor baritone emir shah pasha",
);

/** Titles and other words that may precede a name but are not part of it, even if they are capitalised. */
export const TITLES = words(
  "mr mrs ms miss dr sir lord lady dame prof professor president vice prime minister secretary governor senator sen congressman congresswoman representative rep mayor ambassador chancellor king queen prince princess duke duchess emperor empress count countess earl baron baroness viscount marquess general gen colonel col major captain capt lieutenant lt sergeant admiral marshal commander chief justice judge pope cardinal archbishop bishop saint st father brother sister rev reverend young actor actress singer coach president elect first tsar sultan grand archduke pasha chairman premier deputy former late portrait statue bust photo director",
);

export const STOP_WORDS = words(
  "a an the of in at on with and by for as his her to from during was is are were it its be been who whom which that this their he she they him after before while when where or but not no up out over under into about between against near one two s d t left right",
);

/** Maximum number of words whose lists are cached. */
const MAX_WORDS = 10_000;

/**
 * Returns a function that returns the positions in the table of all lists that contain a given word. In the lists, an
 * entry that ends in `*` must have at least three letters. The function caches its results.
 */
function matcher(table: Table<string>): (word: string) => readonly number[] {
  const exact = new Map<string, number[]>();
  const stems = new Map<string, [stem: string, list: number][]>();
  for (const [list, text] of Object.values(table).entries())
    for (const word of text.split(" ")) {
      const stem = word.slice(0, -1);
      if (!word.endsWith("*")) exact.set(word, [...(exact.get(word) ?? []), list]);
      else stems.set(word.slice(0, 3), [...(stems.get(word.slice(0, 3)) ?? []), [stem, list]]);
    }
  return remembered(MAX_WORDS, (word) => {
    const found = new Set(exact.get(word));
    for (const [stem, list] of stems.get(word.slice(0, 3)) ?? []) if (word.startsWith(stem)) found.add(list);
    return [...found];
  });
}

/**
 * Returns the fields that a folded word in an occupation, position or description indicates, as indices into FIELDS.
 */
export const fieldsOf = matcher(FIELD_WORDS);
/** Returns the topics that a folded word in a caption indicates, as indices into TOPICS. */
export const topicsOf = matcher(TOPIC_WORDS);
