export { detectMentions } from "./detect-mentions.js";
export { detectPeople, type PersonName } from "./detect-people.js";
