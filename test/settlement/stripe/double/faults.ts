/** Stripe's errors, as the double makes them. Pure. */

/** An answer that is an error; thrown inside the double and sent by it. */
export class Fault extends Error {
  readonly status: number;
  readonly error: Readonly<Record<string, unknown>>;

  constructor(status: number, error: Readonly<Record<string, unknown>>) {
    super(String(error.message));
    this.status = status;
    this.error = error;
  }
}

function invalid(message: string, code?: string, param?: string): Fault {
  return new Fault(400, {
    type: "invalid_request_error",
    message,
    ...(code === undefined ? {} : { code }),
    ...(param === undefined ? {} : { param }),
  });
}

export const faults = {
  invalid,
  missing: (param: string) => invalid(`Missing required param: ${param}.`, "parameter_missing", param),
  insufficient: () => invalid("You have insufficient funds in your Stripe account.", "balance_insufficient"),
  notFound: (what: string, id: string, status = 404, param = "id") =>
    new Fault(status, {
      type: "invalid_request_error",
      code: "resource_missing",
      message: `No such ${what}: '${id}'`,
      param,
    }),
  declined: (intent: object, charge: string, code: string, declineCode?: string) =>
    new Fault(402, {
      type: "card_error",
      code,
      ...(declineCode === undefined ? {} : { decline_code: declineCode }),
      message: "Your card was declined.",
      charge,
      payment_intent: intent,
    }),
  keyReused: () =>
    new Fault(400, {
      type: "idempotency_error",
      message:
        "Keys for idempotent requests can only be used with the same parameters they were first used with.",
    }),
  accountInvalid: (account: string) =>
    new Fault(403, {
      type: "invalid_request_error",
      code: "account_invalid",
      message: `The provided key does not have access to account '${account}'`,
    }),
  unauthorized: () => new Fault(401, { type: "invalid_request_error", message: "Invalid API Key provided" }),
  noRoute: (method: string, path: string) =>
    new Fault(404, {
      type: "invalid_request_error",
      message: `Unrecognized request URL (${method}: ${path})`,
    }),
};
