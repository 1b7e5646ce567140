/** A line of a text. */
export interface TextLine {
  /** From 1. */
  readonly number: number;
  /** Without line end and white space around it. */
  readonly text: string;
}

/**
 * The lines of a text that are neither blank nor a comment, one at a time: nothing is copied that is not asked
 * for. LF, CRLF, CR and a byte order mark are fine.
 */
export function* linesOf(source: string): Generator<TextLine> {
  const end = /\r\n?|\n/g;
  end.lastIndex = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let number = 1; end.lastIndex < source.length; number++) {
    const start = end.lastIndex;
    const found = end.exec(source);
    const text = source.slice(start, found?.index).trim();
    if (text !== "" && !/^(?:#|\/\/|;)/.test(text)) yield { number, text };
    if (found === null) return;
  }
}
