import { constants, setPriority } from "node:os";
import { serveRequests } from "../../core/worker-channel.js";
import { decodeHere } from "./decode.js";
import type { DecodeRequest } from "./decode-pool.js";
import type { Pixels } from "./pixels.js";

setPriority(constants.priority.PRIORITY_BELOW_NORMAL); // a malicious image must not slow down other work

serveRequests<DecodeRequest, Pixels>(({ bytes, limits }) => decodeHere(bytes, limits));
