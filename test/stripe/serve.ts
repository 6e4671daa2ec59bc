/** Puts the double on a port, for programs that call Stripe by themselves. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { StripeDouble } from "../settlement/stripe/double/double.ts";

export interface ServedDouble {
  readonly url: string;
  readonly close: () => void;
}

export async function serveDouble(double: StripeDouble): Promise<ServedDouble> {
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url = "/", headers } = incoming;
    void (async () => {
      const body = await buffer(incoming);
      const answer = await double.fetch(`http://double${url}`, {
        method,
        headers: headers as Record<string, string>,
        ...(method === "GET" ? {} : { body: new Uint8Array(body) }),
      });
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      outgoing.end(await answer.text());
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
