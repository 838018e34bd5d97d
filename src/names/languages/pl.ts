import type { NameLanguage } from "./language.js";

export const pl: NameLanguage = {
  code: "pl",
  source: "written for this project; endings from the paradigms of Polish names in school grammars",
  titles: {
    male: "pan, pana, panu, panem, król, królem, króla, książę, cesarz, car, hrabia, baron, ksiądz, ks, ojciec, o, brat, papież, kardynał, arcybiskup, biskup, święty",
    female:
      "pani, panią, panna, panny, panną, królowa, królowej, księżna, księżniczka, cesarzowa, caryca, hrabina, hrabiny, baronowa, siostra, s, matka, prezydentka, posłanka, senatorka, ministra, dyrektorka, profesorka, święta, wdowa",
    either:
      "prezydent, prezydenta, premier, premiera, minister, ministra, senator, poseł, burmistrz, ambasador, generał, gen, marszałek, pułkownik, płk, major, mjr, kapitan, kpt, porucznik, por, sierżant, kapral, admirał, inżynier, inż, architekt, dyrektor, doktor, profesor, towarzysz, mistrz, dr, prof, hab, mgr, św",
  },
  particles: "z, ze, de, von",
  senior: "st, starszy, starsza, ojciec, senior",
  junior: "mł, młodszy, młodsza, syn, junior",
  maiden: "z domu, zd, z d, de domo, primo voto, urodzona",
  alias: "ps, pseudonim, zwany, zwana, alias, vel, właśc, właściwie, pseud",
  born: "urodzony, urodzona, ur, urodził się, urodziła się, urodzeni, urodzone, urodzili się, urodziły się",
  died: "zmarły, zmarła, zm, zmarł, poległ, zmarli, zmarłe",
  aged: "lat, w wieku, letni, letnia",
  male: "on, jego, jemu, mężczyzna, ojciec, syn, mąż, brat, wuj, dziadek, wdowiec, chłopiec, aktor",
  female: "ona, jej, kobieta, matka, córka, żona, siostra, ciotka, babcia, wdowa, dziewczyna, aktorka",
  kin: "żona, żoną, żony, mąż, mężem, męża, syn, synem, syna, córka, córką, córki, ojciec, ojcem, matka, matką, brat, bratem, siostra, siostrą, bracia, siostry, rodzeństwo, bliźniacy, wdowa, rodzice, dzieci, ojciec i syn, małżonkowie, kuzyn",
  family: "rodzina, rodziny, bracia, braci, siostry, małżeństwo, państwo, dynastia",
  and: "i, oraz, z",
  both: "obaj, obie, oboje",
  places: "w, we, koło",
  endings:
    "a>, owi>, em>, iem>, u>, ie>, a>o, owi>o, em>o, ego>y, emu>y, ym>y, iego>i, iemu>i, im>i, y>a, i>a, ę>a, ą>a, ie>a, ej>a, iej>a, ów>, owie>, ami>, ła>eł, łem>eł, łowi>eł, ka>ek, kiem>ek, kowi>ek, ca>ec, cem>ec, cowi>ec, ze>ra, sia>ś, siem>ś",
};
