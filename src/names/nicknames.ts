/**
 * Nicknames and short forms of first names, folded. Each line contains a formal name (in one or more spellings) and its
 * short forms. The list was written for this project from general knowledge of English names, without a data file.
 */
const GROUPS = [
  "abraham abe bram",
  "albert al bert bertie",
  "alexander alexandra alex alec sandy sasha xander alexandre aleksandr",
  "alfred alf alfie fred",
  "alice alicia ally",
  "andrew andy drew andreas",
  "angela angie",
  "anna anne ann annie nan nancy hannah",
  "anthony antony tony antonio",
  "arthur art artie",
  "barbara barb barbie babs",
  "benjamin ben benny benji",
  "bernard bernie",
  "bradley brad",
  "catherine katherine kathryn katharine kate katie kathy cathy kitty kit kay",
  "charles charlie chuck chas chaz carlos",
  "charlotte lottie",
  "christina christine chris tina christie",
  "christopher chris kit topher",
  "clifford cliff",
  "cynthia cindy",
  "daniel dan danny",
  "david dave davy",
  "deborah debra deb debbie",
  "dennis denny",
  "donald don donnie",
  "dorothy dot dottie dolly",
  "douglas doug",
  "edmund edmond ed eddie ned",
  "edward ed eddie ned ted teddy eduardo",
  "edwin ed eddie",
  "eleanor elinor nell nellie ellie nora lenore",
  "elizabeth elisabeth liz lizzie beth betty bess bessie betsy eliza lisa libby",
  "emily em emmy",
  "eugene gene",
  "evelyn eve evie",
  "florence flo florrie",
  "frances fran frannie",
  "francis francisco frank frankie pancho paco",
  "franklin frank",
  "frederick fred freddie freddy fritz",
  "gabriel gabe",
  "geoffrey jeffrey geoff jeff",
  "george georgie",
  "gerald jerry gerry",
  "gregory greg",
  "harold harry hal",
  "helen nell nellie lena",
  "henry harry hank hal henri",
  "herbert herb bert",
  "isaac ike",
  "isabella isabel bella izzy belle",
  "jacob jake jack",
  "jacqueline jackie",
  "james jim jimmy jamie",
  "janet jan",
  "jennifer jen jenny",
  "jessica jess jessie",
  "john jack johnny johnnie jon",
  "jonathan jon jonny",
  "joseph joe joey josef jose pepe",
  "joshua josh",
  "judith judy",
  "kenneth ken kenny",
  "kimberly kim",
  "lawrence laurence larry",
  "leonard len lenny leo",
  "leonardo leo",
  "lewis louis lou louie",
  "louise lou",
  "margaret maggie meg peggy madge rita greta daisy marge margie",
  "martin marty",
  "mary maria marie molly polly mae may mamie",
  "matthew matt matty",
  "maximilian max",
  "michael mike mick mickey mikey misha mikhail",
  "nathan nathaniel nate nat",
  "nicholas nicolas nick nicky nico klaus",
  "oliver ollie",
  "pamela pam",
  "patricia pat patsy patty trish tricia",
  "patrick pat paddy",
  "peter pete pedro",
  "philip phillip phil pip",
  "raymond ray",
  "rebecca becky becca",
  "richard rich rick dick ricky richie",
  "robert rob bob bobby robbie bert roberto",
  "roger rog",
  "ronald ron ronnie",
  "rosemary rose rosie",
  "rudolph rudolf rudy",
  "samuel samantha sam sammy",
  "sarah sara sally sadie",
  "sergei sergey serge sergio",
  "sidney sydney sid syd",
  "solomon sol",
  "stanley stan",
  "stephen steven steve stevie stefan",
  "stephanie steph",
  "stuart stewart stu",
  "susan susanna suzanne sue susie suzy",
  "theodore ted teddy theo",
  "theresa teresa terry tess tessa",
  "thomas tom tommy",
  "timothy tim timmy",
  "valerie val",
  "veronica ronnie",
  "victor vic",
  "victoria vicky tori",
  "vincent vince vinny",
  "virginia ginny ginger",
  "vladimir vlad volodymyr",
  "walter walt wally",
  "wilfred wilf",
  "william bill billy will willy willie liam",
  "zachary zach zack",
];

/**
 * Words in names and their usual abbreviations in old captions, catalogues and on maps, folded. Each line contains a word
 * and its abbreviations. Source: written for this project from general knowledge.
 */
const ABBREVIATIONS: readonly string[] = [
  "alexander alexr",
  "archibald archd",
  "benjamin benj",
  "charles chas ch",
  "christian chr",
  "daniel danl",
  "edward edw",
  "fort ft",
  "francisco fco",
  "frederick fredk",
  "friedrich friedr",
  "george geo",
  "heinrich heinr",
  "james jas",
  "johann joh",
  "johannes joh",
  "john jno",
  "joseph jos",
  "ludwig ludw",
  "michael michl",
  "mount mt",
  "philipp ph",
  "philippe ph",
  "richard richd",
  "robert robt",
  "saint st",
  "sainte ste",
  "samuel saml",
  "sankt st",
  "theodor th",
  "theophile th",
  "thomas thos th",
  "wilhelm wilh",
  "william wm",
];

const ABBREVIATED: ReadonlyMap<string, readonly string[]> = relate(ABBREVIATIONS.flatMap(firstWithEach));

/** Returns the pairs of a line's first word with each of the others. */
function firstWithEach(line: string): string[] {
  const [word, ...short] = line.split(" ");
  return short.map((other) => `${word} ${other}`);
}

/** Returns the usual abbreviations of a folded word, and the words that it usually abbreviates: `saint` → `st`. */
export const abbreviationsOf = (word: string): readonly string[] | undefined => ABBREVIATED.get(word);

const RELATED: ReadonlyMap<string, readonly string[]> = relate([...GROUPS, ...ABBREVIATIONS]);

/**
 * Returns the other forms of a folded first name, both formal and short: `bill` → `william`, `billy`, `will`, … Also
 * returns abbreviations: `saint` → `st`.
 */
export function nicknames(name: string): readonly string[] {
  return RELATED.get(name) ?? [];
}

function relate(lines: readonly string[]): Map<string, readonly string[]> {
  const related = new Map<string, string[]>();
  for (const group of lines.map((line) => line.split(" "))) {
    for (const name of group) {
      const others = related.get(name) ?? [];
      related.set(name, [...new Set([...others, ...group.filter((other) => other !== name)])]);
    }
  }
  return related;
}
