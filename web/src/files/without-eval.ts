import { config } from "zod";

config({ jitless: true }); // the page's Content-Security-Policy forbids eval
