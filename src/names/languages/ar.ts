import type { NameLanguage } from "./language.js";

/** Arabic, in Arabic script and in Latin transliteration. */
export const ar: NameLanguage = {
  code: "ar",
  source: "written for this project; titles as in Arabic newspapers and their usual transliterations",
  titles: {
    male: "السيد, سيد, الملك, ملك, الأمير, أمير, السلطان, الشيخ, شيخ, الحاج, الإمام, البابا, البطريرك, الأب, الخليفة, الرئيس, رئيس, الوزير, وزير, النائب, السفير, العميد, العقيد, اللواء, الفريق, المشير, الرائد, النقيب, الملازم, الجنرال, المهندس, الأستاذ, sayyid, sayed, shaikh, shaykh, cheikh, hajj, hadj, malik, amir",
    female:
      "السيدة, سيدة, الآنسة, الملكة, ملكة, الأميرة, أميرة, الحاجة, الرئيسة, الوزيرة, الأستاذة, sayyida, amira, sheikha",
    either: "د, الدكتور, الدكتورة, أ, م, ustadh, ustaz",
  },
  particles:
    "ال, بن, ابن, بنت, أبو, ابو, أبي, أم, آل, عبد, al, el, ul, ibn, bin, ben, bint, abu, abou, abi, umm, um, oum, al-din, ed, ad, as, ash, az, an, ar",
  senior: "الأكبر, الكبير, الأب",
  junior: "الأصغر, الصغير, الابن",
  maiden: "المولودة",
  alias: "الملقب, المعروف, الشهير, المعروف باسم",
  born: "ولد, ولدت, مواليد, المولود, ولدا, ولدتا, ولدوا",
  died: "توفي, توفيت, المتوفى, توفيا, توفيتا, توفوا",
  aged: "عاما, سنة, عن عمر",
  male: "هو, رجل, والد, ابن, زوج, أخ, عم, خال, جد, ممثل",
  female: "هي, امرأة, والدة, ابنة, زوجة, أخت, عمة, خالة, جدة, أرملة, ممثلة",
  kin: "زوجة, زوجته, زوج, زوجها, ابن, ابنه, ابنة, ابنته, والد, والده, والدة, والدته, أخ, أخوه, أخت, أخته, الأخوان, التوأم, أرملة",
  family: "عائلة, آل, أسرة, الأخوان, الإخوة",
  and: "و",
  both: "كلاهما, كلتاهما",
  places: "في",
};
