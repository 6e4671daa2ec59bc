/**
 * When a new version of a contract may take effect: what is no worse for the creator at once, what is worse after the
 * lock and the notice of what it replaces. Pure.
 */
import { PERMISSIONS, tierAt, type ContractTerms, type ContractVersion } from "./contract.ts";

/** In what a version is worse for the creator than another. */
export type Cut = "rate" | "fee" | "lock" | "notice" | "term" | "permissions" | "funding" | "coverage";

/**
 * In what `next` is worse for the creator than `standing`, as seen now: locks and starts that are past count for
 * nothing. A rate is worse where any volume earns less by either of its parts, whatever the other part makes up for; a
 * fee, where it can leave less than the rate comes to. Tax is the law's, and no cut. Without a creator there is none.
 */
export function cutsOf(standing: ContractTerms, next: ContractTerms, nowMs: number): Cut[] {
  if (standing.creator === undefined) return [];
  const isWorse: Readonly<Record<Cut, boolean>> = {
    rate: earnsLess(standing, next),
    fee: leavesLess(standing, next),
    lock: Math.max(nowMs, next.rateLockedUntilAtMs ?? 0) < (standing.rateLockedUntilAtMs ?? 0),
    notice: next.cutNoticeMs < standing.cutNoticeMs,
    term:
      (next.endsAtMs ?? Infinity) < (standing.endsAtMs ?? Infinity) ||
      (next.startsAtMs ?? 0) > Math.max(nowMs, standing.startsAtMs ?? 0),
    permissions: PERMISSIONS.some(
      (one) => standing.creatorMay.includes(one) && !next.creatorMay.includes(one),
    ),
    funding: creatorFundsMore(standing, next),
    coverage: isNarrower(standing.zones, next.zones) || isNarrower(standing.skus, next.skus),
  };
  return (Object.keys(isWorse) as Cut[]).filter((cut) => isWorse[cut]);
}

/** Between two volumes at which a tier begins nothing changes, so that those are all there is to compare. */
function earnsLess(standing: ContractTerms, next: ContractTerms): boolean {
  if ((next.referral?.basisPoints ?? 0) < (standing.referral?.basisPoints ?? 0)) return true;
  return [...standing.creatorRate, ...next.creatorRate].some(({ from: { amount: volume } }) => {
    const before = tierAt(standing, volume);
    const after = tierAt(next, volume);
    return (
      (after?.basisPoints ?? 0) < (before?.basisPoints ?? 0) ||
      (after?.perUnit?.amount ?? 0) < (before?.perUnit?.amount ?? 0)
    );
  });
}

/** The fee comes before the creator's part: shares leave room for each other, fixed amounts of either may not. */
function leavesLess(
  { platformFee: standing }: ContractTerms,
  { platformFee, creatorRate }: ContractTerms,
): boolean {
  const hasFixedPart = (platformFee.perOrder?.amount ?? 0) > 0 || creatorRate.some(({ perUnit }) => perUnit);
  return (
    (platformFee.perOrder?.amount ?? 0) > (standing.perOrder?.amount ?? 0) ||
    (platformFee.minimum?.amount ?? 0) > (standing.minimum?.amount ?? 0) ||
    (hasFixedPart && platformFee.basisPoints > standing.basisPoints)
  );
}

function creatorFundsMore({ funders: standing }: ContractTerms, { funders: next }: ContractTerms): boolean {
  return (["dropPrice", "creatorCode"] as const).some(
    (layer) => next[layer].includes("creator") && !standing[layer].includes("creator"),
  );
}

/** Whether something was covered that no longer is; without a list all is. */
function isNarrower(standing: readonly string[] | undefined, next: readonly string[] | undefined): boolean {
  if (!next) return false;
  const covered = new Set(next);
  return !standing || standing.some((one) => !covered.has(one));
}

/**
 * The earliest time from which `next`, made known now, may be in force. From then on it stands in for every version
 * there is, those still to come included. For each of them that it is worse than, its lock must be over, and its notice
 * kept; so must the notice of what is in force now, since that is what the creator reads today. Whatever is later is
 * allowed as well.
 */
export function earliestEffectAtMs(
  versions: readonly ContractVersion[],
  next: ContractTerms,
  nowMs: number,
): number {
  const course = courseFrom(versions, nowMs);
  const noticeMs = course[0]?.terms.cutNoticeMs ?? 0;
  const bounds = course.map(({ terms }) =>
    cutsOf(terms, next, nowMs).length === 0
      ? nowMs
      : Math.max(nowMs, terms.rateLockedUntilAtMs ?? 0, nowMs + Math.max(noticeMs, terms.cutNoticeMs)),
  );
  for (const [at, { effectiveAtMs }] of course.entries()) {
    const earliest = Math.max(effectiveAtMs, ...bounds.slice(at));
    // Later than that it would stand in for fewer versions, and those may bind it less.
    if (earliest < (course[at + 1]?.effectiveAtMs ?? Infinity)) return earliest;
  }
  return nowMs;
}

/** The versions in force from now on, one after the other: without those that a later one overtakes. */
function courseFrom(versions: readonly ContractVersion[], nowMs: number): ContractVersion[] {
  const inOrder = versions.toSorted((a, b) => a.effectiveAtMs - b.effectiveAtMs || b.version - a.version);
  const course: ContractVersion[] = [];
  for (const one of inOrder) {
    if (one.version < (course.at(-1)?.version ?? 0)) continue;
    if (one.effectiveAtMs <= nowMs) course.length = 0;
    course.push(one);
  }
  return course;
}
