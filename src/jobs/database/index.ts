export { type Address, addressOf } from "./address.js";
export { afterGrace } from "./after-grace.js";
export { type Database, openDatabase, type Sql } from "../database.js";
export { type Patience, patiently } from "../../postgres/retry.js";
export { isTransient, makingError } from "./server-error.js";
