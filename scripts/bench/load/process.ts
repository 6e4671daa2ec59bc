// Starts the load's process and gives it its jobs.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { moveToLoadCore } from "../machine.ts";
import type { GetJob, GetsDone, Job, ShownDone, ShownJob, TapJob, TapsDone, WatchJob } from "./jobs.ts";

export interface Load {
  taps(job: TapJob): Promise<TapsDone>;
  gets(job: GetJob): Promise<GetsDone>;
  watch(job: WatchJob): Promise<{ opened: boolean }>;
  shown(job: ShownJob): Promise<ShownDone>;
  stop(): void;
}

export function startLoad(): Load {
  const child = fork(join(import.meta.dirname, "load.ts"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  if (child.pid !== undefined) moveToLoadCore(child.pid);
  const ask = async <T>(job: Job): Promise<T> => {
    child.send(job);
    const [told] = (await once(child, "message")) as [{ done: T } | { failed: string }];
    if ("failed" in told) throw new Error(told.failed);
    return told.done;
  };
  return {
    taps: ask,
    gets: ask,
    watch: ask,
    shown: ask,
    stop() {
      child.kill();
    },
  };
}
