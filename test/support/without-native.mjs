/** Preloaded into a process: Node.js does not find the files whose path or name contains $MMEL_TEST_WITHOUT. */
import Module from "node:module";

const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => {
  if (!request.includes(process.env.MMEL_TEST_WITHOUT)) return resolve(request, ...rest);
  throw Object.assign(new Error(`Cannot find module '${request}'\nRequire stack:`), {
    code: "MODULE_NOT_FOUND",
  });
};
