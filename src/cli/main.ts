#!/usr/bin/env node
import { installs } from "./commands/index.js";
import { createProgram } from "./program.js";
import { runMain } from "./run-main.js";

await runMain((context) => createProgram(context, installs));
