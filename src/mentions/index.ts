export { detectMentions, detectPeople, type PersonName } from "./detect.js";
