import type { NameLanguage } from "./language.js";

export const tr: NameLanguage = {
  code: "tr",
  source:
    "written for this project; suffixes after the apostrophe as in the spelling rules of Turkish proper names",
  titles: {
    male: "bay, bey, beyefendi, efendi, ağa, paşa, sultan, padişah, kral, prens, imparator, çar, dük, kont, baron, hacı, hoca, imam, şeyh, usta, kardeş, papa, kardinal",
    female:
      "bayan, hanım, hanımefendi, kadın, hatun, kraliçe, prenses, imparatoriçe, çariçe, düşes, kontes, barones, rahibe",
    either:
      "dr, doç, prof, ord, av, op, yrd, sn, sayın, başkan, cumhurbaşkanı, başbakan, bakan, milletvekili, vali, belediye başkanı, büyükelçi, general, mareşal, albay, yarbay, binbaşı, yüzbaşı, teğmen, çavuş, onbaşı, amiral, mühendis, mimar, müdür, öğretmen, ressam, şair, yazar",
  },
  particles: "bin, ibn, oğlu, el, al",
  senior: "büyük, yaşlı",
  junior: "küçük, genç, oğul",
  maiden: "kızlık soyadı, doğumlu",
  alias: "namıdiğer, lakaplı, diye bilinen, asıl adı",
  born: "doğumlu, doğum, doğ, doğdu, d, doğdular",
  died: "öldü, ölüm, ö, vefat, öldüler",
  aged: "yaşında, yaş, yaşındaki",
  male: "erkek, baba, oğul, oğlu, koca, kardeş, amca, dayı, dede, aktör",
  female: "kadın, anne, kız, kızı, karı, karısı, eşi, abla, teyze, hala, nine, aktris",
  kin: "eşi, karısı, kocası, oğlu, kızı, babası, annesi, kardeşi, kardeşler, ikizler, kardeşleri, dul",
  family: "ailesi, aile, kardeşler, çifti, hanedanı",
  and: "ve, ile",
  both: "her ikisi de, ikisi de",
  endings:
    "'ın>, 'in>, 'un>, 'ün>, 'nın>, 'nin>, 'nun>, 'nün>, 'a>, 'e>, 'ya>, 'ye>, 'ı>, 'i>, 'u>, 'ü>, 'yı>, 'yi>, 'yu>, 'yü>, 'da>, 'de>, 'ta>, 'te>, 'dan>, 'den>, 'tan>, 'ten>, 'la>, 'le>, 'yla>, 'yle>, 'lar>, 'ler>",
};
