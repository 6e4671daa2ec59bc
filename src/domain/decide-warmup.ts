/**
 * Decides commands of warm-up and cool-down. They are the system's own, sent by a cron that may run twice, late or at
 * once with itself: what is recorded already leads to no event, and the answer shows what there is. Pure.
 */
import type { WarmupCommand } from "./commands.ts";
import { decided, refused } from "./decision.ts";
import type { EventBody } from "./events.ts";
import type { Decision } from "./reply.ts";
import type { SessionState } from "./session.ts";
import type { WarmupRecord } from "./warmup.ts";

export function decideWarmup(state: SessionState, command: WarmupCommand): Decision {
  const isOver = state.status === "ended" || state.status === "cancelled";
  const isForOver = command.type === "warmup.archive" || command.type === "warmup.cool";
  if (isOver !== isForOver) return conflict(state);
  const { plan, done, archive, cooled } = state.warmup ?? {};
  switch (command.type) {
    case "warmup.plan":
      if (isPlannedFor(state.warmup, command.plan.opensAtMs)) return shown();
      return shown({ type: "warmup.planned", v: 1, plan: command.plan });
    case "warmup.finish":
      if (plan?.opensAtMs !== command.done.opensAtMs) return conflict(state);
      if (done) return shown();
      return shown({ type: "warmup.done", v: 1, done: command.done });
    case "warmup.archive":
      if (archive && archive.head.number >= command.archive.head.number) return shown();
      return shown({ type: "warmup.archived", v: 1, archive: command.archive });
    case "warmup.cool":
      if (archive?.head.number !== command.cooled.archivedBlock) return conflict(state);
      if (cooled?.archivedBlock === command.cooled.archivedBlock) return shown();
      return shown({ type: "warmup.cooled", v: 1, cooled: command.cooled });
  }
}

/** Whether the plan there is keeps the session ready for an opening at that time: an earlier one is in it too. */
export function isPlannedFor(record: WarmupRecord | undefined, opensAtMs: number): boolean {
  return record?.plan !== undefined && opensAtMs < record.plan.untilAtMs;
}

function shown(...events: EventBody[]): Decision {
  return decided({ ok: true, show: "warmup" }, ...events);
}

function conflict({ status }: SessionState): Decision {
  return refused({ code: "session_state_conflict", status });
}
