declare module "unbzip2-stream" {
  /** A stream that decompresses bzip2; emits an error for damaged data. */
  function unbzip2(): NodeJS.ReadWriteStream;
  export = unbzip2;
}
