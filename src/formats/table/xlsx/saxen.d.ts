declare module "saxen" {
  type Attributes = Readonly<Record<string, string>>;
  type Decode = (text: string) => string;

  /** A streaming XML parser. It knows no DTD and no entities but those of XML and HTML. */
  export class Parser {
    on(
      event: "openTag",
      listener: (name: string, attributes: () => Attributes | false, decode: Decode) => void,
    ): this;
    on(event: "closeTag", listener: (name: string) => void): this;
    on(event: "text", listener: (text: string, decode: Decode) => void): this;
    on(event: "cdata", listener: (text: string) => void): this;
    on(event: "error", listener: (error: Error) => void): this;
    write(xml: string): this;
    end(): Error | null;
  }
}
