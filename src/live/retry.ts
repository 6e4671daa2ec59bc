/** When a failed call to an object may be made again. Pure. */

/**
 * The platform marks errors it knows to be safe to repeat; an overloaded object must not be called again at once.
 * @see https://developers.cloudflare.com/durable-objects/best-practices/error-handling/
 */
export function isRetryable(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error as { retryable?: boolean }).retryable === true &&
    (error as { overloaded?: boolean }).overloaded !== true
  );
}
