import type { NameLanguage } from "./language.js";

export const en: NameLanguage = {
  code: "en",
  source:
    "written for this project; ranks and offices as in the style guides of British and American newspapers",
  titles: {
    male: "mr, messrs, sir, lord, master, king, prince, emperor, tsar, czar, duke, archduke, earl, count, viscount, baron, marquess, marquis, father, brother, pope, monsieur, congressman, alderman, sheikh, sultan, emir, shah, rabbi, imam, ayatollah, archbishop, bishop, cardinal, friar, monk, abbot, squire, uncle, grandfather, chairman, crown prince, grand duke, his royal highness, monsignor, msgr, mgr",
    female:
      "mrs, ms, miss, misses, mesdames, dame, lady, madam, madame, queen, princess, empress, tsarina, duchess, archduchess, countess, viscountess, baroness, marchioness, sister, mother, abbess, congresswoman, nun, aunt, grandmother, first lady, chairwoman, crown princess, grand duchess, her royal highness",
    either:
      "mx, dr, doctor, prof, professor, sen, senator, rep, representative, gov, governor, mayor, president, pres, premier, prime minister, deputy prime minister, vice president, chancellor, minister, foreign minister, secretary, secretary of state, secretary general, ambassador, consul, judge, justice, chief justice, chief, sheriff, speaker, mp, rev, reverend, pastor, vicar, dean, canon, chaplain, saint, st, gen, general, major general, lieutenant general, brigadier, brigadier general, col, colonel, lt col, lieutenant colonel, maj, major, capt, captain, lt, lieutenant, sgt, sergeant, cpl, corporal, pvt, private, adm, admiral, vice admiral, rear admiral, commodore, commander, cmdr, marshal, field marshal, air marshal, wing commander, flight lieutenant, squadron leader, officer, constable, inspector, superintendent, detective, coach, hon, honorable, honourable, the hon, the rt hon, rt hon, right honourable, right hon, his majesty, her majesty, his holiness, his excellency, her excellency, hrh, hm, he, former, late, the late, young, old, then, acting, ex, engineer, attorney, architect, ambassador at large, comrade, citizen, pm, chairperson, vice chairman, president elect, us president, u s president, us senator, u s senator, first minister, lord mayor, lord chancellor, attorney general, governor general, h r h, his eminence, his grace, her grace, the rev, the reverend, the very rev, the most rev, very rev, most rev, most reverend, rt rev, rt revd, right rev, right reverend, revd, brig, brig gen, maj gen, lt gen, lt cmdr, lt cdr, cdr, lieutenant commander, rear adm, vice adm, 1st lt, 2nd lt, first lt, second lt, first lieutenant, second lieutenant, staff sgt, staff sergeant, ssgt, master sgt, master sergeant, msgt, tech sgt, technical sergeant, sgt maj, sergeant major, sgt 1st class, sergeant first class, sfc, gunnery sgt, gunnery sergeant, lance cpl, lance corporal, pfc, private first class, spc, airman, senior airman, airman 1st class, airman first class, seaman, ensign, midshipman, petty officer, petty officer 1st class, petty officer 2nd class, petty officer 3rd class, chief petty officer, warrant officer, chief warrant officer, flying officer, pilot officer, group captain, air commodore, air vice marshal, air chief marshal",
  },
  particles: "of, the",
  senior: "sr, senior, snr, sen, the elder, elder, the first, the old, père",
  junior: "jr, junior, jnr, jun, the younger, younger, the second",
  maiden: "née, nee, né, born, formerly, maiden name",
  alias:
    "alias, aka, a.k.a., known as, also known as, called, better known as, stage name, pseudonym of, real name",
  born: "born, b, born in, born on",
  died: "died, d, died in, death",
  aged: "aged, age, at age, at the age of, years old, year-old",
  male: "he, his, him, himself, man, boy, father, son, husband, brother, uncle, nephew, grandfather, grandson, widower, groom, gentleman, actor, sportsman, businessman, spokesman, chairman, statesman, policeman, waiter, tenor, baritone",
  female:
    "she, her, hers, herself, woman, girl, mother, daughter, wife, sister, aunt, niece, grandmother, granddaughter, widow, bride, actress, ballerina, sportswoman, businesswoman, spokeswoman, chairwoman, stateswoman, policewoman, waitress, soprano, suffragette",
  kin: "wife, husband, son, daughter, father, mother, brother, sister, brothers, sisters, siblings, twins, twin, widow, widower, cousin, cousins, uncle, aunt, nephew, niece, parents, children, grandson, granddaughter, grandfather, grandmother, father and son, mother and daughter, stepson, stepdaughter, fiancée, bride",
  family: "family, brothers, sisters, siblings, couple, dynasty, clan, twins",
  and: "and, &, with",
  both: "both, each, all three",
  places: "in, at, from, near, outside, across, around",
  endings: "'s>, s'>s, '>, s>",
};
