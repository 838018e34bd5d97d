import { ar } from "./ar.js";
import { cs } from "./cs.js";
import { de } from "./de.js";
import { el } from "./el.js";
import { en } from "./en.js";
import { es } from "./es.js";
import { fi } from "./fi.js";
import { fr } from "./fr.js";
import { hu } from "./hu.js";
import { it } from "./it.js";
import type { NameLanguage } from "./language.js";
import { nl } from "./nl.js";
import { nordic } from "./nordic.js";
import { pl } from "./pl.js";
import { pt } from "./pt.js";
import { ru } from "./ru.js";
import { tr } from "./tr.js";
import { uk } from "./uk.js";

export type { NameLanguage } from "./language.js";

/** All languages with a table. To add a language, add a file and a row here. */
export const NAME_LANGUAGES: readonly NameLanguage[] = [
  en,
  de,
  fr,
  es,
  it,
  pt,
  nl,
  pl,
  cs,
  ru,
  tr,
  nordic,
  fi,
  hu,
  el,
  ar,
  uk,
];
