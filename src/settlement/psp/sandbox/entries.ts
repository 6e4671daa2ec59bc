/** The lines of the sandbox's books on the platform's money, a page at a time. May touch sandbox_lines. */
import { LIMITS } from "../../../domain/limits.ts";
import type { ProviderEntry, ProviderEntryKind } from "../port.ts";
import { PLATFORM, post } from "./books.ts";
import type { Sandbox } from "./tell.ts";

interface Line {
  readonly id: string;
  readonly kind: ProviderEntryKind;
  readonly reference: string;
  readonly currency: string;
  readonly amount: number;
  readonly fee: number;
  readonly atMs: number;
  readonly number: number;
}

const PAGE = `
  SELECT id, kind, reference, currency, amount, fee, at_ms AS atMs, number FROM sandbox_lines
  WHERE holder = '${PLATFORM}' AND number IS NOT NULL AND (at_ms, number) > (?1, ?2) AND at_ms < ?3
  ORDER BY at_ms, number LIMIT ?4`;

/** From `fromMs` on, to before `untilMs`, oldest first. */
export async function* entries(
  { env, clock }: Sandbox,
  fromMs: number,
  untilMs: number,
): AsyncIterable<readonly ProviderEntry[]> {
  await post(env.DB, clock()).run();
  let after: Pick<Line, "atMs" | "number"> = { atMs: fromMs, number: 0 };
  for (;;) {
    const page = env.DB.prepare(PAGE).bind(after.atMs, after.number, untilMs, LIMITS.sandboxLinesPerPage);
    const { results } = await page.all<Line>();
    const last = results.at(-1);
    if (!last) return;
    yield results.map(entryOf);
    if (results.length < LIMITS.sandboxLinesPerPage) return;
    after = last;
  }
}

function entryOf({ id, kind, reference, currency, amount, fee, atMs }: Line): ProviderEntry {
  return { id, kind, reference, amount: { amount, currency }, fee: { amount: fee, currency }, atMs };
}
