/** The Worker's log: one JSON line an event. Nothing secret, nothing a client sent, goes in. */

/** Writes one structured line. */
export function logLine(line: Readonly<Record<string, unknown>>): void {
  // oxlint-disable-next-line no-console -- the platform collects what is written here
  console.error(JSON.stringify(line));
}

/**
 * An error without what it was about: database errors quote statements with their parameters, and a token or an
 * address may be among them.
 */
export function errorFacts(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  const cause = error.cause instanceof Error ? { cause: firstLine(error.cause.message) } : {};
  const stack = error.stack?.split("\n").filter((line) => line.trimStart().startsWith("at "));
  return { error: error.name, message: firstLine(error.message), ...cause, stack };
}

const MOST_CHARS = 300;

/** Parameters come on lines of their own. */
function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").slice(0, MOST_CHARS);
}
