declare module "unbzip2-stream" {
  /** Takes packed bytes and gives unpacked ones; an error event for damaged data. */
  function unbzip2(): NodeJS.ReadWriteStream;
  export = unbzip2;
}
