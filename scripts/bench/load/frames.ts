// WebSocket frames (RFC 6455) as a client sends and reads them, and no more of the protocol than load needs: text
// whole in one frame, no compression. A library would cost the load more than the servers cost.

const FIN_TEXT = 0x81;
const MASKED = 0x80;
const CLOSE = 0x8;
const TEXT = 0x1;

/** A masked text frame, ready to be written. The mask is zero: the server takes it off all the same. */
export function textFrame(text: string): Buffer {
  const size = Buffer.byteLength(text);
  const lengthBytes = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const frame = Buffer.alloc(2 + lengthBytes + 4 + size);
  frame[0] = FIN_TEXT;
  frame[1] = MASKED | (lengthBytes === 0 ? size : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) frame.writeUInt16BE(size, 2);
  if (lengthBytes === 8) frame.writeBigUInt64BE(BigInt(size), 2);
  frame.write(text, 2 + lengthBytes + 4);
  return frame;
}

/** Where a text lies; valid until the call returns. */
export type OnText = (bytes: Buffer, start: number, end: number) => void;

/** Cuts what comes in from one server into frames. */
export class FrameReader {
  #rest: Buffer | undefined;
  /** The server has said that it closes, and why. */
  closed: string | undefined;

  read(chunk: Buffer, onText: OnText): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    for (;;) {
      const end = this.#frame(bytes, at, onText);
      if (end === undefined) break;
      at = end;
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : undefined;
  }

  /** Takes one frame; gives where it ends, or undefined when it is not all there yet. */
  #frame(bytes: Buffer, at: number, onText: OnText): number | undefined {
    if (bytes.length < at + 2) return undefined;
    const opcode = bytes[at]! & 0x0f;
    let size = bytes[at + 1]! & 0x7f;
    let start = at + 2;
    if (size === 126) {
      if (bytes.length < at + 4) return undefined;
      size = bytes.readUInt16BE(start);
      start += 2;
    } else if (size === 127) {
      if (bytes.length < at + 10) return undefined;
      size = Number(bytes.readBigUInt64BE(start));
      start += 8;
    }
    const end = start + size;
    if (bytes.length < end) return undefined;
    if (opcode === TEXT) onText(bytes, start, end);
    if (opcode === CLOSE)
      this.closed = `${size >= 2 ? bytes.readUInt16BE(start) : ""} ${bytes.toString("utf8", start + 2, end)}`;
    return end;
  }
}
