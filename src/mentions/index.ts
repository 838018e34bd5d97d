export { detectMentions } from "./detect-mentions.js";
