/**
 * CSV bytes as rows with the lines they begin on (RFC 4180, by csv-parse). Pure.
 *
 * Lines are counted here, from the bytes: csv-parse counts a CRLF inside quotes twice. A broken row costs itself only:
 * reading goes on at the line after the one it begins on. That takes two passes over any byte at most: where a
 * broken row was inside quotes, the second reading is outside of them, and so each of its rows ends within its line.
 */
import { CsvError, parse } from "csv-parse/sync";

export interface RowReader {
  /** Called with each row that is not an empty line, and the line it begins on, from 1; false stops the reading. */
  row(cells: readonly string[], line: number): boolean;
  /** Called for a row that is not CSV; false stops the reading. */
  broken(reason: string, line: number): boolean;
}

const LF = 10;
const CR = 13;
const BOM = [0xef, 0xbb, 0xbf];

class Stop extends Error {}

/** `bytes` are UTF-8, with or without a byte order mark; lines end in CRLF, LF or CR, also in one file. */
export function readRows(bytes: Uint8Array, reader: RowReader): void {
  const lineAt = lineCounter(bytes);
  let from = BOM.every((byte, index) => bytes[index] === byte) ? BOM.length : 0;
  while (from < bytes.length) {
    let begin = from;
    try {
      parse(bytes.subarray(from), {
        record_delimiter: ["\r\n", "\n", "\r"],
        relax_column_count: true,
        skip_empty_lines: true,
        on_record: (cells: string[], info) => {
          if (!reader.row(cells, lineAt(afterBlankLines(bytes, begin)))) throw new Stop();
          begin = from + info.bytes;
          return null;
        },
      });
      return;
    } catch (error) {
      if (error instanceof Stop) return;
      if (!(error instanceof CsvError)) throw error;
      begin = afterBlankLines(bytes, begin);
      if (!reader.broken(reasonOf(error), lineAt(begin))) return;
      from = afterLine(bytes, begin);
    }
  }
}

function reasonOf(error: CsvError): string {
  switch (error.code as string) {
    case "CSV_QUOTE_NOT_CLOSED":
    case "CSV_INVALID_CLOSING_QUOTE":
      return 'a quoted cell of this row is not closed, or has a quote inside: write that as ""';
    case "INVALID_OPENING_QUOTE":
      return "a cell of this row has a quote but is not quoted itself";
    default:
      return "this row is not CSV";
  }
}

/** Line of an offset, from 1. Offsets must not decrease from call to call. */
function lineCounter(bytes: Uint8Array): (offset: number) => number {
  let line = 1;
  let seen = 0;
  return (offset) => {
    for (; seen < offset; seen++) {
      const byte = bytes[seen];
      if (byte === LF || (byte === CR && bytes[seen + 1] !== LF)) line++;
    }
    return line;
  };
}

function afterBlankLines(bytes: Uint8Array, begin: number): number {
  let offset = begin;
  while (bytes[offset] === LF || bytes[offset] === CR) offset++;
  return offset;
}

function afterLine(bytes: Uint8Array, begin: number): number {
  for (let offset = begin; offset < bytes.length; offset++) {
    const byte = bytes[offset];
    if (byte === LF || (byte === CR && bytes[offset + 1] !== LF)) return offset + 1;
  }
  return bytes.length;
}
