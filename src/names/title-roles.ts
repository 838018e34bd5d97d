import { fold } from "./fold.js";
import { rolesIn } from "./role-words.js";
import { ROLES } from "./roles.js";

/** The occupations that titles before a name suggest. */
export interface TitleRoles {
  /** The titles' own occupations, as indices into ROLES: a priest for "Pfarrer". */
  readonly own: ReadonlySet<number>;
  /** Occupations that people with these titles also have: a theologian for "Pfarrer". */
  readonly near: ReadonlySet<number>;
  /** Folded titles with the same meaning. A name with one of them agrees whatever the occupation is. */
  readonly words: ReadonlySet<string>;
  /**
   * How much the title says about the occupation: everything ("Pfarrer"), something because it is an office or a rank
   * besides which people have an occupation ("Bürgermeister", "Captain"), or nothing because people of all occupations
   * have it ("Dr.").
   */
  readonly strength: TitleStrength;
}

export type TitleStrength = "profession" | "office" | "none";

interface TitleRow {
  /** The occupations, as the first words of rows of ROLES. */
  readonly roles: string;
  readonly titles: string;
  /** Occupations that people with these titles also have, apart from those in GROUPS. */
  readonly near?: string;
  /** By default "profession". */
  readonly strength?: TitleStrength;
}

/** Occupations of people with a university degree, as the first words of rows of ROLES. */
const LEARNED =
  "professor, scientist, anthropologist, archaeologist, astronomer, biologist, botanist, chemist, economist, geographer, " +
  "geologist, historian, linguist, mathematician, philosopher, physicist, psychologist, sociologist, theologian, zoologist, musicologist";

/**
 * Titles that are no words for an occupation, or abbreviate one, with the occupations of people who have them. Titles
 * that are words for an occupation are in ROLES. Source: written for this project from general knowledge.
 */
const TITLE_ROWS: readonly TitleRow[] = [
  {
    roles: "clergyman, bishop",
    titles:
      "father, brother, friar, monk, abbot, monsignor, monsignore, monseigneur, msgr, mgr, mons, rev, revd, reverend, the rev, the reverend, very rev, " +
      "the very rev, rt rev, right rev, right reverend, most rev, dean, canon, chaplain, imam, ayatollah, pater, bruder, abt, propst, " +
      "prälat, dekan, père, le père, abbé, m l abbé, frère, fray, fra, frate, frei, dom, pastoor, broeder, ds, ks, ojciec, otec, " +
      "отец, имам, haci, hoca, fader, isä, atya, πατέρας, отець",
  },
  {
    roles: "bishop, clergyman",
    titles:
      "archbishop, cardinal, his eminence, erzbischof, kardinal, archevêque, le cardinal, arzobispo, cardenal, arcivescovo, cardinale, " +
      "arcebispo, cardeal, aartsbisschop, kardinaal, arcybiskup, kardynał, arcibiskup, митрополит, архиепископ, патриарх, ärkebiskop, " +
      "erkebiskop, arkkipiispa, érsek, bíboros, αρχιεπίσκοπος, μητροπολίτης, архієпископ, патріарх",
  },
  {
    roles: "nun, nurse",
    titles:
      "sister, mother, abbess, schwester, mutter, äbtissin, sœur, mère, abbesse, sor, hermana, madre, suor, sorella, irmã, soror, " +
      "zuster, moeder, siostra, matka, sestra, сестра, мать, søster, syster, sisar, nővér, αδελφή",
  },
  {
    roles: "doctor, surgeon, dentist, veterinarian, psychologist",
    titles:
      "dr, med, doctor, doktor, docteur, le docteur, m le docteur, monsieur le docteur, doktorin, dott, dottore, dottoressa, dott ssa, dra, doctora, doutor, doutora, mudr, doktorka, доктор, д р, др, tohtori, δρ, " +
      "الدكتور, الدكتوره",
    near: `${LEARNED}, lawyer, engineer, architect, pharmacist`,
    strength: "none",
  },
  { roles: "doctor, surgeon", titles: "sanitätsrat, medizinalrat, mudr" },
  {
    roles: "professor, teacher, scientist",
    titles: "prof, professor, pr, profa, проф, акад, академик, ord, doc, καθ, الأستاذ, академік",
    near: `${LEARNED}, doctor, surgeon, lawyer, engineer, architect, painter, sculptor, composer, conductor, pianist, violinist`,
    strength: "none",
  },
  { roles: "lawyer, judge", titles: "avv, maître, av, judr, justizrat, justice, chief justice" },
  { roles: "engineer, architect", titles: "ing, dipl ing, inż, ir, eng, arch, arq, baurat" },
  {
    roles: "general, police officer, sailor, pilot",
    strength: "office",
    titles:
      "gen, brigadier, brig, brig gen, maj gen, lt gen, col, colonel, lt col, lieutenant colonel, maj, major, capt, captain, lt, lieutenant, sgt, sergeant, " +
      "cpl, corporal, pvt, private, commander, cmdr, cdr, lt cmdr, lt cdr, lieutenant commander, marshal, field marshal, air marshal, " +
      "wing commander, flight lieutenant, squadron leader, first lieutenant, second lieutenant, 1st lt, 2nd lt, staff sergeant, " +
      "staff sgt, sergeant major, ensign, midshipman, sheriff, constable, hauptmann, feldmarschall, generalfeldmarschall, oberst, oberstleutnant, leutnant, " +
      "oberleutnant, feldwebel, unteroffizier, rittmeister, generalmajor, generalleutnant, generaloberst, kapitän, colonel, le colonel, capitaine, le capitaine, " +
      "commandant, maréchal, le maréchal, sergent, caporal, coronel, comandante, capitán, teniente, sargento, cabo, mariscal, colonnello, " +
      "maggiore, capitano, tenente, maresciallo, sergente, caporale, capitão, kolonel, majoor, kapitein, luitenant, korporaal, " +
      "maarschalk, pułkownik, płk, mjr, kpt, porucznik, por, sierżant, kapral, marszałek, plukovník, poručík, seržant, desátník, " +
      "maršál, маршал, полковник, майор, капитан, лейтенант, сержант, albay, yarbay, binbaşı, yüzbaşı, teğmen, çavuş, onbaşı, mareşal, " +
      "överste, oberst, kaptajn, kaptein, kapten, løjtnant, løytnant, löjtnant, eversti, majuri, kapteeni, luutnantti, kersantti, " +
      "marsalkka, ezredes, őrnagy, százados, kapitány, hadnagy, őrmester, капітан",
  },
  {
    roles: "admiral, sailor, general",
    strength: "office",
    titles:
      "adm, commodore, rear adm, vice adm, großadmiral, konteradmiral, vizeadmiral, amiral, schout bij nacht",
  },
  {
    roles: "nobleman, duke, politician, general, admiral, judge, bishop, prince, ambassador, businessman",
    titles:
      "lord, lady, earl, count, countess, viscount, viscountess, baron, baroness, marquess, marquis, marchioness, graf, gräfin, freiherr, " +
      "frhr, freifrau, freiin, baronin, baronesse, landgraf, markgraf, comte, comtesse, vicomte, vicomtesse, baronne, marquise, conde, " +
      "condesa, vizconde, vizcondesa, barón, baronesa, marqués, marquesa, conte, contessa, visconte, barone, baronessa, marchese, " +
      "marchesa, condessa, visconde, barão, graaf, gravin, burggraaf, markies, jonkheer, hrabia, hrabina, hrabě, hraběnka, baronka, граф, графиня, " +
      "барон, баронесса, kont, kontes, greve, grevinde, grevinna, friherre, kreivi, kreivitär, paroni, gróf, grófnő, báró, bárónő, κόμης",
  },
  {
    roles: "politician, senator, governor, president, minister",
    strength: "office",
    titles:
      "sen, rep, representative, congressman, congresswoman, alderman, gov, pres, secretary, pm, bundeskanzler, reichskanzler, landrat, stadtrat, " +
      "reichsminister, bundesminister, député, députée, préfet, m le préfet, prefetto, vereador, wethouder, onorevole, on, премьер",
  },
];

/** Groups of occupations of which the same people often have several, as the first words of rows of ROLES. */
const GROUPS: readonly string[] = [
  "clergyman, bishop, theologian, missionary, nun, pope, saint, rabbi",
  "doctor, surgeon, dentist, psychologist, veterinarian, pharmacist, nurse, midwife",
  "politician, mayor, minister, president, senator, governor, chancellor, ambassador, lawyer, judge, trade unionist",
  "king, emperor, prince, duke, nobleman",
  "general, admiral, sailor, pilot, police officer",
  LEARNED,
  "professor, teacher",
  "architect, engineer, landscape architect, businessman",
  "conductor, composer, musician, pianist, violinist, organist, cellist, teacher, opera singer, singer",
  "director, producer, businessman, actor",
];

const ROW_OF_HEAD: ReadonlyMap<string, number> = new Map(
  ROLES.flatMap(({ kind, words }, row) => (kind === "person" ? [[words[0]!, row] as const] : [])),
);
const rowsOf = (heads: string): readonly number[] =>
  heads === "" ? [] : heads.split(", ").map((head) => ROW_OF_HEAD.get(head)!);

const NEAR: readonly (readonly number[])[] = GROUPS.map(rowsOf);
const titleRoles = (
  own: readonly number[],
  words: Iterable<string>,
  near: readonly number[] = [],
  strength: TitleStrength = "profession",
): TitleRoles => ({
  own: new Set(own),
  near: new Set([
    ...near,
    ...NEAR.flatMap((group) => (own.some((role) => group.includes(role)) ? group : [])),
  ]),
  words: new Set(words),
  strength,
});

/** The strengths, weakest first. Several titles together are as strong as the weakest. */
const STRENGTHS: readonly TitleStrength[] = ["none", "office", "profession"];

const together = (all: readonly TitleRoles[]): TitleRoles => ({
  own: new Set(all.flatMap(({ own }) => [...own])),
  near: new Set(all.flatMap(({ near }) => [...near])),
  words: new Set(all.flatMap(({ words }) => [...words])),
  strength: STRENGTHS.find((one) => all.some(({ strength }) => strength === one))!,
});

/** The occupations that are offices or ranks. */
const OFFICES = rowsOf(
  "politician, mayor, minister, president, senator, governor, chancellor, ambassador, general, admiral, sailor, pilot, " +
    "police officer, saint, director, trainer, trade unionist, judge",
);
const BY_TITLE = byTitle();

/** Returns the occupations that folded titles suggest ("pfarrer", "dr"); undefined if they suggest none. */
export function rolesOfTitles(titles: readonly string[]): TitleRoles | undefined {
  const found = titles.flatMap((title) => BY_TITLE.get(title) ?? occupationOf(title) ?? []);
  return found.length < 2 ? found[0] : together(found);
}

function occupationOf(title: string): TitleRoles | undefined {
  const roles = rolesIn(title.split(" ")).filter(({ kind }) => kind === "person");
  if (roles.length === 0) return undefined;
  const rows = roles.map(({ role }) => role);
  return titleRoles(rows, [title], [], rows.some((row) => OFFICES.includes(row)) ? "office" : "profession");
}

/** A title in several rows has the meanings of all of them. */
function byTitle(): ReadonlyMap<string, TitleRoles> {
  const found = new Map<string, TitleRoles>();
  for (const { roles, titles, near = "", strength } of TITLE_ROWS) {
    const words = titles.split(", ").map(fold);
    const row = titleRoles(rowsOf(roles), words, rowsOf(near), strength);
    for (const word of words) {
      const before = found.get(word);
      found.set(word, before === undefined ? row : together([before, row]));
    }
  }
  return found;
}
