/** What the ways of following a session share: what they need, and how they end. Types only. */
import type { ServerMessage } from "../wire/live.ts";

export type Message = ServerMessage;

export interface Following {
  /** `{api}/v1/sessions/{session}` */
  readonly url: string;
  /** The query of the socket's or the stream's address: from which cursor on, and as what. */
  readonly query: () => string;
  /** Something came that only the server can have sent. */
  readonly opened: () => void;
  /** False when the message builds on what is not known: this way must be begun anew. */
  readonly take: (message: Message) => boolean;
  readonly signal: AbortSignal;
}

export interface End {
  /** `lost`: come again; `gap`: at once; `over`: nothing more will come; `missing`: there is no such session. */
  readonly why: "lost" | "gap" | "over" | "missing";
  /** The server does not know the token. */
  readonly isUnknownViewer?: boolean;
  /** When to come again, where the server says so. */
  readonly waitMs?: number | undefined;
}
