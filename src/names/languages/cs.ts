import type { NameLanguage } from "./language.js";

export const cs: NameLanguage = {
  code: "cs",
  source: "written for this project; endings from the paradigms of Czech names in school grammars",
  titles: {
    male: "pan, pana, panu, panem, p, král, krále, kníže, princ, císař, car, hrabě, baron, otec, páter, p., bratr, papež, kardinál, arcibiskup, biskup, prezident, prezidenta, premiér, premiéra, ministr, ministra, senátor, poslanec, starosta, primátor, velvyslanec, generál, maršál, plukovník, major, kapitán, poručík, seržant, desátník, admirál, inženýr, architekt, ředitel, doktor, profesor, mistr, soudruh, svatý",
    female:
      "paní, slečna, sl, slečny, královna, královny, kněžna, princezna, císařovna, carevna, hraběnka, baronka, sestra, matka, prezidentka, premiérka, ministryně, senátorka, poslankyně, starostka, velvyslankyně, ředitelka, doktorka, profesorka, svatá, vdova",
    either: "dr, prof, doc, ing, mgr, judr, mudr, phdr, rndr, bc, sv, akad",
  },
  particles: "z, ze, de, von",
  senior: "st, starší, otec, senior",
  junior: "ml, mladší, syn, junior",
  maiden: "roz, rozená, rozený, rozené",
  alias: "zvaný, zvaná, alias, řečený, řečená, vlastním jménem, vl jm, pseudonym",
  born: "narozen, narozena, nar, narozený, narozená, naroz, narozeni, narozeny, narození, narozené",
  died: "zemřel, zemřela, zem, zesnulý, zesnulá, padl, zemřeli, zemřely",
  aged: "let, letech, ve věku, letý, letá",
  male: "on, jeho, jemu, muž, otec, syn, manžel, bratr, strýc, dědeček, vdovec, chlapec, herec",
  female: "ona, její, jí, žena, matka, dcera, manželka, sestra, teta, babička, vdova, dívka, herečka",
  kin: "manželka, manželkou, manžel, manželem, žena, ženou, syn, synem, syna, dcera, dcerou, otec, otcem, matka, matkou, bratr, bratrem, sestra, sestrou, bratři, bratří, sestry, sourozenci, dvojčata, vdova, rodiče, děti, otec a syn, manželé, bratranec",
  family: "rodina, rodiny, bratři, bratří, sestry, manželé, dynastie",
  and: "a, s, se",
  both: "oba, obě",
  places: "v, ve",
  endings:
    "a>, ovi>, u>, em>, e>, ě>, i>, y>a, ě>a, u>a, ou>a, ové>ová, ovou>ová, ého>ý, ému>ý, ým>ý, ém>ý, ho>, mu>, é>á, ou>á, se>s, ů>, ům>, ech>, ka>ek, kem>ek, kovi>ek, ků>ek, kům>ek, la>el, lem>el, lovi>el, ce>ec, cem>ec, covi>ec, ra>r, ze>ha, ze>z, a>o, ovi>o, em>o",
};
