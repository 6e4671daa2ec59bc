/** A viewer's event stream on real workerd, read as a browser reads it. */
import type { SessionId } from "../../src/domain/ids.ts";
import type { Audience } from "../../src/live/client.ts";
import { audience, live } from "./watcher.ts";

/** A stream's events as they come. */
export class Reading {
  readonly events: { event: string; id?: string; data: unknown }[] = [];
  ended = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(response: Response) {
    this.#reader = response.body!.getReader();
  }

  static async open(
    session: SessionId,
    headers: Record<string, string> = {},
    query = "",
    beside: Partial<Audience> = {},
  ): Promise<Reading> {
    const request = new Request(`https://dropcast.test/live${query}`, {
      headers: { Accept: "text/event-stream", ...headers },
    });
    return new Reading(await live.stream(session, { ...audience(undefined), ...beside }, request));
  }

  async until(isEnough: (reading: Reading) => boolean): Promise<this> {
    const decoder = new TextDecoder();
    let text = "";
    while (!isEnough(this)) {
      const { done, value } = await this.#reader.read();
      if (done) {
        this.ended = true;
        break;
      }
      text += decoder.decode(value, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) this.#take(block);
    }
    return this;
  }

  close(): Promise<void> {
    return this.#reader.cancel();
  }

  #take(block: string): void {
    const fields = Object.fromEntries(
      block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
    ) as Record<string, string>;
    if (fields["data"] === undefined) return;
    this.events.push({
      event: fields["event"] ?? "",
      ...(fields["id"] === undefined ? {} : { id: fields["id"] }),
      data: JSON.parse(fields["data"]),
    });
  }
}
