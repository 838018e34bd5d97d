/** The control characters except tab, line feed and carriage return, as a class of a regular expression: C0, DEL, C1. */
export const CONTROLS = "[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]";
const EVERY_CONTROL = new RegExp(CONTROLS, "g");

/**
 * Writes control characters as `\u001b`, because a terminal would obey them. Tabs, line feeds and carriage returns stay.
 * JSON keeps its meaning, because it contains these characters only inside strings.
 */
export const escapeControls = (text: string): string => text.replace(EVERY_CONTROL, escapeCharacter);

/** Returns a character as `\u` and four hexadecimal digits. */
export const escapeCharacter = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
