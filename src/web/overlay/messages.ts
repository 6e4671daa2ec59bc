/** What the overlay says of buys, beyond what it has from the card: the card does not carry it. Pure. */
export interface BuyMessages {
  readonly bought: (units: string) => string;
  readonly boughtBy: (name: string, units: string) => string;
}

const ENGLISH: BuyMessages = {
  bought: (units) => `${units} bought`,
  boughtBy: (name, units) => `${name} bought ${units}`,
};

const LANGUAGES: Readonly<Record<string, BuyMessages>> = {
  en: ENGLISH,
  de: {
    bought: (units) => `${units} gekauft`,
    boughtBy: (name, units) => `${name} hat ${units} gekauft`,
  },
  ar: {
    bought: (units) => `تم شراء ${units}`,
    // Without a verb that would have to know whether it is a woman or a man.
    boughtBy: (name, units) => `${name}: تم شراء ${units}`,
  },
};

/** For the language that the card's texts were found in. */
export function buyMessagesFor(locale: string): BuyMessages {
  return LANGUAGES[new Intl.Locale(locale).language] ?? ENGLISH;
}

/** A name in its own direction, whatever stands around it (Unicode's first strong isolate). */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
