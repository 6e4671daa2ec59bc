/**
 * The sandbox's pages: a buyer's bank asks whether a payment is theirs, a seller or creator finishes the onboarding.
 * For people with a browser; the link is what lets them in. They are there as long as the sandbox is the provider.
 */
import { Hono } from "hono";
import { z } from "zod";
import { LIMITS } from "../../domain/limits.ts";
import { paymentPort } from "../../settlement/psp/index.ts";
import { isChallengeToken } from "../../settlement/psp/sandbox/links.ts";
import { PROVIDER, type Sandbox } from "../../settlement/psp/sandbox/tell.ts";
import {
  answerChallenge,
  finishOnboarding,
  readChallenge,
  readOnboarding,
} from "../../settlement/psp/sandbox/visits.ts";
import { readForm, upTo } from "../body.ts";
import type { AppContext, AppEnv, Middleware } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { problem } from "../problem.ts";
import { challengePage, noSuchPage, onboardingPage, type Page } from "../sandbox-pages.ts";

export const sandbox = new Hono<AppEnv>();

const PAGE = { schema: z.string(), type: "text/html" } as const;
const NO_PAGE = { 404: { ...PAGE, description: "The link is nobody's, or has expired" } } as const;
const FORM = "application/x-www-form-urlencoded";

const CHALLENGE = "/sandbox/payments/:payment/challenge/:token";
const ONBOARDING = "/sandbox/accounts/:account/onboarding";

const whereUsed: Middleware = async (c, next) => {
  if (paymentPort(c.env).provider !== PROVIDER) return answered(c, noSuchPage(), 404);
  await next();
  return undefined;
};

sandbox.get(
  CHALLENGE,
  endpoint({
    id: "sandboxChallenge",
    tag: "payments",
    summary: "The sandbox: a bank asks its customer",
    description: "A page for the buyer's browser: 3-D Secure for `sandbox_3ds`.",
    who: "anybody",
    answers: { 200: { ...PAGE, description: "The question, or what was answered" }, ...NO_PAGE },
  }),
  whereUsed,
  async (c) => {
    const { payment, token } = c.req.param();
    const challenge = await readChallenge(sandboxOf(c), payment, token);
    return challenge ? answered(c, challengePage(challenge)) : answered(c, noSuchPage(), 404);
  },
);

/** Nothing is read from those who have no link. */
const withLink: Middleware = async (c, next) => {
  const [payment, token] = [c.req.param("payment") ?? "", c.req.param("token") ?? ""];
  if (!isChallengeToken(c.env, payment, token)) return answered(c, noSuchPage(), 404);
  await next();
  return undefined;
};

const answer = z.object({ decision: z.enum(["approve", "refuse"]) });

sandbox.post(
  CHALLENGE,
  endpoint({
    id: "answerSandboxChallenge",
    tag: "payments",
    summary: "The sandbox: the customer's answer",
    description: "The first answer counts.",
    who: "anybody",
    takes: "body",
    accepts: { [FORM]: answer },
    answers: { 303: { description: "To the page, which says what was answered" }, ...NO_PAGE },
  }),
  whereUsed,
  withLink,
  upTo(LIMITS.bodyBytes),
  async (c) => {
    const { payment, token } = c.req.param();
    const read = await readForm(c);
    if (!read.ok) return problem(c, read.code, { detail: read.detail });
    const form = answer.safeParse(read.value);
    if (!form.success) return problem(c, "bad_request", { detail: "Answer with approve or refuse." });
    const challenge = await answerChallenge(sandboxOf(c), payment, token, form.data.decision);
    return challenge ? c.redirect(c.req.path, 303) : answered(c, noSuchPage(), 404);
  },
);

sandbox.get(
  ONBOARDING,
  endpoint({
    id: "sandboxOnboarding",
    tag: "payments",
    summary: "The sandbox: onboarding",
    description: "A page for the browser of a seller or creator. The link is in the query.",
    who: "anybody",
    answers: { 200: { ...PAGE, description: "The page" }, ...NO_PAGE },
  }),
  whereUsed,
  async (c) => {
    const visitor = await readOnboarding(sandboxOf(c), c.req.param("account"), c.req.query());
    return visitor ? answered(c, onboardingPage(visitor)) : answered(c, noSuchPage(), 404);
  },
);

sandbox.post(
  ONBOARDING,
  endpoint({
    id: "finishSandboxOnboarding",
    tag: "payments",
    summary: "The sandbox: onboarding finished",
    who: "anybody",
    answers: { 303: { description: "Back to where the link says" }, ...NO_PAGE },
  }),
  whereUsed,
  async (c) => {
    const visitor = await finishOnboarding(sandboxOf(c), c.req.param("account"), c.req.query());
    return visitor ? c.redirect(visitor.returnUrl, 303) : answered(c, noSuchPage(), 404);
  },
);

function sandboxOf(c: AppContext): Sandbox {
  return { env: c.env, clock: Date.now };
}

function answered(
  c: AppContext,
  { html, policy }: Page,
  status: 200 | 404 = 200,
): Response | Promise<Response> {
  return c.html(html, status, { "Content-Security-Policy": policy });
}
