import { entity, type FieldCase } from "./case.js";

/** Scripts, transliterations, encodings and offsets. */
export const SCRIPT_CASES: readonly FieldCase[] = [
  {
    kind: "Arabic names in Latin letters: al-, el, Zein El Dine, Abd al-",
    source: "Encyclopædia Britannica: Naguib Mahfouz, ʿUmar al-Mukhtār, Gamal Abdel Nasser",
    kb: [
      entity("1", "Naguib Mahfouz", "Egyptian writer"),
      entity("2", "Omar al-Mukhtar", "Libyan leader"),
      entity("3", "Gamal Abdel Nasser", "Egyptian president"),
      entity("4", "Omar Makhluf", "footballer"),
      entity("5", "Jamila Abdennour", "singer"),
    ],
    captions: [
      "{Nagib Mahfuz=1} in a café",
      "{Umar el-Mukhtar=2} on horseback",
      "{Jamal Abd al-Nasir=3} speaks",
    ],
  },
  {
    kind: "Arabic: prefixed و and ل, kashida, vowels",
    source: "Encyclopædia Britannica: Taha Hussein, Mahmoud Darwish",
    kb: [
      entity("1", "طه حسين", "كاتب"),
      entity("2", "محمود درويش", "شاعر"),
      entity("3", "حسين الجسمي", "مطرب"),
    ],
    captions: ["{طه حسين=1} {ومحمود درويش=2} في القاهرة", "{طـــه حسيـــن=1}", "{مَحْمُود دَرْوِيش=2}"],
  },
  {
    kind: "Russian: inflected names, initials",
    source: "Encyclopædia Britannica: Nikolai Gogol, Anna Akhmatova, Fyodor Dostoyevsky, Lesya Ukrainka",
    kb: [
      entity("1", "Николай Гоголь", "писатель"),
      entity("2", "Анна Ахматова", "поэт"),
      entity("3", "Фёдор Достоевский", "писатель"),
      entity("4", "Леся Українка", "поетеса"),
      entity("5", "Анна Голубкина", "скульптор"),
    ],
    captions: [
      "Портрет {Николая Гоголя=1}",
      "Вечер памяти {Анны Ахматовой=2}",
      "С {Федором Достоевским=3} в Старой Руссе",
      "{Ф. М. Достоевский=3}",
      "Портрет {Лесі Українки=4}",
    ],
  },
  {
    kind: "Slavic: inflected names",
    source: "invented",
    kb: [
      entity("1", "Bronisława Wójtowicz", "lekarka"),
      entity("2", "Kazimierz Drozdowski", "rzeźbiarz"),
      entity("3", "Miloslav Hrabánek", "malíř"),
    ],
    captions: [
      "Portret {Bronisławy Wójtowicz=1}",
      "Pracownia {Kazimierza Drozdowskiego=2}",
      "Ateliér {Miloslava Hrabánka=3}",
    ],
  },
  {
    kind: "Chinese: context decides between two of one name",
    source: "invented",
    kb: [
      entity("1", "王伟民", "中国经济学家", { properties: { occupation: ["经济学家"] } }),
      entity("2", "王伟民 (游泳)", "中国游泳运动员", {
        aliases: ["王伟民"],
        properties: { occupation: ["游泳运动员"] },
      }),
    ],
    captions: ["经济学家{王伟民=1}在大会上演讲", "游泳运动员{王伟民=2}在赛前训练"],
  },
  {
    kind: "Chinese: family name alone, simplified and traditional, pinyin order",
    source: "Encyclopædia Britannica: Qian Xuesen, Lu Xun",
    kb: [
      entity("1", "Qian Xuesen", "aerospace engineer", { aliases: ["錢學森"] }),
      entity("2", "Lu Xun", "writer", { aliases: ["魯迅"] }),
      entity("3", "Qian Sanqiang", "physicist", { aliases: ["錢三強"] }),
    ],
    captions: ["{钱学森=1}在北京", "{鲁迅=2}与青年木刻家", "{Xuesen Qian=1} lectures"],
  },
  {
    kind: "Japanese: old and new kanji, kana, middle dot, no-break",
    source: "Encyclopædia Britannica: Kurosawa Akira, Tezuka Osamu, Marie Curie",
    kb: [
      entity("1", "黒澤明", "映画監督", { aliases: ["くろさわ あきら"] }),
      entity("2", "手塚 治虫", "漫画家"),
      entity("3", "マリー・キュリー", "物理学者"),
      entity("4", "黒木華", "俳優"),
    ],
    captions: [
      "{黒沢明=1}の映画",
      "{手塚治虫=2}の机",
      "{マリーキュリー=3}の実験室",
      "{クロサワ アキラ=1}監督",
    ],
  },
  {
    kind: "Korean: order, hyphen, spacing, particle",
    source: "Encyclopædia Britannica: Yun Dong-ju",
    kb: [
      entity("1", "윤동주", "시인", { aliases: ["Yun Dong-ju"] }),
      entity("2", "윤동하", "배우", { aliases: ["Yoon Dong-ha"] }),
    ],
    captions: ["{윤동주=1}는 시인이다", "{윤 동주=1} 시인의 방", "{Dong-ju Yun=1} as a student"],
  },
  {
    kind: "Turkish dotted and dotless i",
    source: "invented",
    kb: [
      entity("1", "Işıl Kırmızıoğlu", "müzisyen"),
      entity("2", "İrem Çağlıyan", "heykeltıraş"),
      entity("3", "Irmak Kurt", "yüzücü"),
    ],
    captions: [
      "{IŞIL KIRMIZIOĞLU=1} KONSERİ",
      "{ISIL KIRMIZIOGLU=1}",
      "{irem çağlıyan=2}",
      "{İREM ÇAĞLIYAN=2}",
    ],
  },
  {
    kind: "Icelandic: known by the given name, patronymics shared",
    source: "invented",
    kb: [
      entity("1", "Hallgerður Steinarsdóttir", "weaver"),
      entity("2", "Sigurjón Steinarsson", "chess player"),
      entity("3", "Steinar Hallgrímsson", "fisherman"),
    ],
    captions: ["{Sigurjón=2} plays chess for nine hours", "{Hallgerður=1} at her loom"],
  },
  {
    kind: "captions whose encoding was broken",
    source: "invented",
    kb: [
      entity("1", "Jörg Kästelmann", "Tischler"),
      entity("2", "François Béraud", "luthier"),
      entity("3", "Torbjörn Ångman", "skier"),
      entity("4", "Jorge Castelao", "chef"),
    ],
    captions: [
      "{JÃ¶rg KÃ¤stelmann=1} an der Hobelbank",
      "{FranÃ§ois BÃ©raud=2} dans son atelier",
      "{Torbj?rn ?ngman=3}",
    ],
  },
  {
    kind: "OCR: hyphenated, spaced out, confused letters",
    source: "invented",
    kb: [
      entity("1", "Klara Osterkamp", "Tänzerin"),
      entity("2", "Wilhelm Haßlinger", "Verleger"),
      entity("3", "Klaus Ostrowski", "Boxer"),
    ],
    captions: [
      "{Klara Oster- kamp=1} und {Haß-linger=2} nach der Premiere",
      "{K l a r a  O s t e r k a m p=1}",
      "{Wi1helm Haßlinger=2}",
      "{Wilhelm Haſslinger=2}",
    ],
  },
  {
    kind: "Unicode: caption in NFD, zero-width and no-break spaces",
    source: "invented",
    kb: [entity("1", "José Ibáñez Peñalver", "matador"), entity("2", "Josefa Ibarra", "cook")],
    captions: [
      `{${"José Ibáñez Peñalver".normalize("NFD")}=1} at the ring`,
      "{Jo\u200bsé Ibáñez\u00a0Peñalver=1} in Ronda",
    ],
  },
  {
    kind: "offsets: code points, emoji before the name",
    source: "invented",
    kb: [entity("1", "Sigrid Aaslund", "swimmer"), entity("2", "Torunn Vik", "coach")],
    captions: ["🏊🏽‍♀️🇳🇴👨‍👩‍👧 {Sigrid Aaslund=1} & {Torunn Vik=2} 🥇"],
    codePoints: true,
  },
];
