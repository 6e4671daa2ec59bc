/** What a browser says of its tab and its network; elsewhere a page is always seen. Touches their events. */

/** Calls `changed` when the tab is seen again, or the network comes or goes. Gives what ends that. */
export function watchPage(changed: () => void): () => void {
  // Node has neither.
  if (typeof document === "undefined") return () => undefined;
  const seen = (): void => {
    if (!isHidden()) changed();
  };
  const leaving = new AbortController();
  document.addEventListener("visibilitychange", seen, leaving);
  addEventListener("online", changed, leaving);
  addEventListener("offline", changed, leaving);
  return () => leaving.abort();
}

/** Resolves when the tab is seen, which may be at once; rejects with the signal's reason. */
export function whenSeen(signal: AbortSignal): Promise<void> {
  if (!isHidden()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (isHidden() && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
  });
}

function isHidden(): boolean {
  return typeof document !== "undefined" && document.visibilityState === "hidden";
}
