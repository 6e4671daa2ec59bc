/** Orders with the codes of several creators, as clients see to whom they are attributed. */
import { expect, it } from "vitest";
import {
  get,
  must,
  newCreator,
  newOffer,
  newSession,
  newShop,
  newToken,
  newViewer,
  PLATFORM,
  post,
  until,
  type Json,
} from "./client.ts";

it("an order with two creators' codes is theirs whose came into the cart last", async () => {
  const cleo = await newCreator();
  const code = { off: { basisPoints: 1_000 }, funder: "seller" };
  const creatorCodes = [
    { ...code, code: "BEN10" },
    { ...code, code: "AAA10", creator: cleo.id },
  ];
  const drop = await newOffer(await newSession(await newShop(), { creatorCodes }), 9);
  const { token: as } = await newViewer();
  for (const codes of [
    ["AAA10", "BEN10"],
    ["BEN10", "AAA10"],
  ]) {
    const tokens = await Promise.all(codes.map((creatorCode) => newToken(drop, as, { creatorCode })));
    const body = { items: tokens.map((token) => ({ token })), paymentMethod: "sandbox_success" };
    const { id } = await must(post(`${drop.at}/orders`, { as, body }));
    const record = await until(async (): Promise<Json> => {
      const { status, json } = await get(`/v1/orders/${id}/attribution`, { as: PLATFORM });
      return status === 200 ? json : undefined;
    });
    expect(record).toMatchObject({
      winner: { id: codes[1], line: 1 },
      candidates: [{ verdict: "won" }, { id: codes[0], line: 0, verdict: "older_touch" }],
    });
  }
});
