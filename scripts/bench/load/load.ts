// The load's own process: does the jobs it is sent, one at a time. Its CPU is not the servers'.
import { runGets } from "./gets.ts";
import type { Job } from "./jobs.ts";
import { runTaps } from "./taps.ts";
import { openWatch, shown } from "./watch.ts";

process.on("message", (job: Job) => {
  work(job).then(
    (done) => process.send?.({ done }),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.message : String(error) }),
  );
});
process.on("disconnect", () => process.exit());

function work(job: Job): Promise<unknown> {
  switch (job.kind) {
    case "get":
      return runGets(job);
    case "watch":
      return openWatch(job);
    case "shown":
      return shown(job);
    case "tap-sockets":
    case "tap-http":
      return runTaps(job);
  }
}
