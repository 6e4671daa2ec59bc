/**
 * HTML as the text a person would read. Pure.
 *
 * By parse5's tokenizer, the one of the HTML standard, so that tags, comments, scripts and character references are
 * told apart as a browser would: no markup slips through by being malformed. Without its tree: time and memory grow
 * with the length of the HTML and with nothing else. What comes out is text, not HTML: it may well have `<`, and is
 * escaped where it is shown.
 */
import { Tokenizer, TokenizerMode, type Token, type TokenHandler } from "parse5";

type Mode = Tokenizer["state"];

/** Elements whose content is not markup, and how the standard has it read. */
const RAW = new Map<string, Mode>([
  ["script", TokenizerMode.SCRIPT_DATA],
  ["style", TokenizerMode.RAWTEXT],
  ["iframe", TokenizerMode.RAWTEXT],
  ["noembed", TokenizerMode.RAWTEXT],
  ["noframes", TokenizerMode.RAWTEXT],
  ["xmp", TokenizerMode.RAWTEXT],
  ["textarea", TokenizerMode.RCDATA],
  ["title", TokenizerMode.RCDATA],
  ["plaintext", TokenizerMode.PLAINTEXT],
]);
/** Those of them that show nothing. */
const SILENT = new Set(["script", "style", "iframe", "noembed", "noframes"]);

/** Elements on lines of their own, and those with a blank line around them. */
const LINES = new Set(
  "address article aside dd div dt fieldset figcaption figure footer form header li main nav section tr".split(
    " ",
  ),
);
const PARAGRAPHS = new Set("blockquote dl h1 h2 h3 h4 h5 h6 hr ol p pre table ul".split(" "));
const CELLS = new Set(["td", "th"]);

const CONTROLS = /\p{Cc}+/gu;

/**
 * Text of HTML: paragraphs, list items and table rows on lines of their own, white space as a browser shows it.
 * Text without any markup keeps its line breaks. Control characters are left out.
 */
export function textOf(html: string): string {
  const reader = new TextReader((mode) => (tokenizer.state = mode));
  const tokenizer = new Tokenizer({ sourceCodeLocationInfo: false }, reader);
  tokenizer.write(html, true);
  return reader.text();
}

class TextReader implements TokenHandler {
  private readonly lines: string[] = [];
  private line: string[] = [];
  private isMarkup = false;
  private isSilent = false;
  private readonly readAs: (mode: Mode) => void;

  /** `readAs` tells the tokenizer how to read what comes next. */
  constructor(readAs: (mode: Mode) => void) {
    this.readAs = readAs;
  }

  text(): string {
    const lines = this.isMarkup ? [...this.lines, this.line.join("")] : this.line.join("").split("\n");
    const tidy = lines.map((line) => line.replaceAll(/\s+/g, " ").replaceAll(CONTROLS, "").trim());
    const spaced = tidy.filter((line, index) => line !== "" || tidy[index - 1] !== "");
    return spaced.join("\n").trim();
  }

  onStartTag({ tagName }: Token.TagToken): void {
    this.breakAt(tagName);
    if (tagName === "br") this.endLine();
    if (CELLS.has(tagName)) this.line.push(" ");
    const mode = RAW.get(tagName);
    if (mode === undefined) return;
    this.readAs(mode);
    this.isSilent = SILENT.has(tagName);
  }

  /** Inside an element that is not markup, its own end tag is the only one there is. */
  onEndTag({ tagName }: Token.TagToken): void {
    this.isSilent = false;
    this.breakAt(tagName);
  }

  onCharacter({ chars }: Token.CharacterToken): void {
    if (!this.isSilent) this.line.push(chars);
  }

  onWhitespaceCharacter(token: Token.CharacterToken): void {
    this.onCharacter(token);
  }

  onComment(): void {
    this.isMarkup = true;
  }

  onDoctype(): void {
    this.isMarkup = true;
  }

  onNullCharacter(): void {}

  onEof(): void {}

  private breakAt(tagName: string): void {
    this.isMarkup = true;
    const isParagraph = PARAGRAPHS.has(tagName);
    if ((isParagraph || LINES.has(tagName)) && this.line.length > 0) this.endLine();
    if (isParagraph) this.lines.push("");
  }

  private endLine(): void {
    this.lines.push(this.line.join(""));
    this.line = [];
  }
}
