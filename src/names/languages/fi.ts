import type { NameLanguage } from "./language.js";

export const fi: NameLanguage = {
  code: "fi",
  source: "written for this project; cases of names as in Finnish school grammars",
  titles: {
    male: "herra, hra, kuningas, prinssi, keisari, tsaari, herttua, kreivi, paroni, isä, veli, paavi, piispa, arkkipiispa",
    female:
      "rouva, rva, neiti, nti, kuningatar, prinsessa, keisarinna, herttuatar, kreivitär, paronitar, sisar, äiti",
    either:
      "tri, tohtori, prof, professori, presidentti, pääministeri, ministeri, kansanedustaja, kaupunginjohtaja, suurlähettiläs, kenraali, marsalkka, eversti, majuri, kapteeni, luutnantti, kersantti, amiraali, insinööri, arkkitehti, johtaja, maisteri, pastori, pyhä",
  },
  particles: "af, von, de",
  senior: "vanhempi, vanh, senior",
  junior: "nuorempi, nuor, junior",
  maiden: "o.s, os, omaa sukua, syntyjään, entinen, ent",
  alias: "alias, kutsuttu, taiteilijanimi, oikealta nimeltään",
  born: "syntynyt, s, synt, syntyneet",
  died: "kuollut, k, kuoli, kuolleet, kuolivat",
  aged: "vuotta, vuotias, vuotiaana, iässä",
  male: "mies, isä, poika, aviomies, veli, setä, eno, isoisä, leski, näyttelijä",
  female: "nainen, äiti, tytär, vaimo, sisar, täti, isoäiti, näyttelijätär",
  kin: "vaimo, vaimonsa, mies, miehensä, poika, poikansa, tytär, tyttärensä, isä, äiti, veli, veljekset, sisar, sisarukset, kaksoset, leski, vanhemmat, lapset, serkku",
  family: "perhe, suku, veljekset, sisarukset, pariskunta",
  and: "ja, sekä",
  both: "molemmat",
  endings:
    "n>, in>, ta>, tä>, a>, ä>, ia>, iä>, ssa>, ssä>, issa>, issä>, sta>, stä>, ista>, istä>, lla>, llä>, illa>, illä>, lta>, ltä>, ilta>, iltä>, lle>, ille>, ksi>, iksi>, na>, nä>, on>, en>, sen>nen, sta>nen, sella>nen, selle>nen, seen>nen, sessa>nen, sesta>nen, kan>kka, kon>kko, tan>tta, pan>ppa",
};
