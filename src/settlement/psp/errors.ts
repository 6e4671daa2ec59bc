/** What a payment port throws, for callers that can tell somebody. Pure. */

/** The provider gave no answer: nothing is known, and the same call is to be made again. */
export class ProviderSilence extends Error {
  override readonly name = "ProviderSilence";
}

/** The provider decided against a call that has no refusal among its answers, as of a country it does not serve. */
export class ProviderRefusal extends Error {
  override readonly name = "ProviderRefusal";
  /** In the provider's words. */
  readonly reason: string;

  constructor(provider: string, reason: string) {
    super(`${provider} refuses: ${reason}`);
    this.reason = reason;
  }
}
