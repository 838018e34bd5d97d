import { config } from "zod";

config({ jitless: true }); // the page's Content-Security-Policy forbids making functions from text
