/** The card's markup for a view. Untrusted text is only ever text; no inline style, so that a strict CSP holds. */
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { bag, check, clock, minus, plus, shield } from "../design/icons.ts";
import type { PriceLine } from "./price-lines.ts";
import type { Texts } from "./texts.ts";
import type { Deed, SideDeed, View } from "./view.ts";

/** What the viewer may do to the card. */
export interface Hands {
  readonly act: (deed: Deed | SideDeed) => void;
  readonly step: (by: 1 | -1) => void;
  readonly choose: (offer: string) => void;
  readonly agree: (given: boolean) => void;
  readonly imageFailed: () => void;
}

export interface Choice {
  readonly id: string;
  readonly name: string;
  readonly soldOut: boolean;
}

export interface Scene {
  readonly view: View;
  readonly texts: Texts;
  readonly hands: Hands;
  /** Address of the image; undefined where there is none to show. */
  readonly image: string | undefined;
  readonly choices: readonly Choice[];
  readonly peak: number;
  readonly agreed: boolean;
  readonly nowMs: number;
  /** What is read out. */
  readonly said: string;
}

export function cardTemplate(scene: Scene): TemplateResult {
  const { view, texts, said } = scene;
  const isBare = view.price === undefined;
  return html`<div
    class="card ${classOf(view)}"
    part="card"
    role="group"
    lang=${texts.locale}
    dir=${texts.messages.dir}
    aria-labelledby="title"
    aria-busy=${view.stage === "loading" ? "true" : "false"}
  >
    ${media(scene)}
    <div class="body">${isBare ? bare(scene) : whole(scene)}</div>
    <p class="heard" role="status">${said}</p>
  </div>`;
}

function classOf({ stage, scarce }: View): string {
  const isEnded = stage === "over" || stage === "closed" || stage === "withdrawn" || stage === "cancelled";
  const isOnAir = stage === "open" || stage === "soldout";
  return `${stage} ${scarce ? "scarce" : ""} ${isEnded ? "ended" : ""} ${isOnAir ? "onair" : ""}`;
}

function media({ view, image, hands }: Scene): TemplateResult {
  return html`<div class="media" part="media">
    ${view.stage === "loading" || image !== undefined ? nothing : bag}
    ${
      image === undefined
        ? nothing
        : html`<img part="image" src=${image} alt="" decoding="async" @error=${hands.imageFailed} />`
    }
  </div>`;
}

/** The same rows at the same height without an offer; what the page put inside the element is shown and stays usable. */
function bare({ view }: Scene): TemplateResult {
  const isLoading = view.stage === "loading" && view.note?.tone !== "bad";
  return html`<div class="top"></div>
    <h2 id="title" class=${isLoading ? "skeleton" : ""}>
      <span class=${isLoading ? "heard" : ""}>${view.primary.label}</span>
    </h2>
    <p class="price"><span class="skeleton" ?hidden=${!isLoading}></span></p>
    <div class="layers"></div>
    <div class="stock"></div>
    <div class="stepper"></div>
    <slot><span class="skeleton button" ?hidden=${!isLoading} aria-hidden="true"></span></slot>
    <p class="note"></p>`;
}

function whole(scene: Scene): TemplateResult {
  const { view } = scene;
  return html`<div class="top">
      ${view.badge ? html`<span class="badge" part="badge">${view.badge}</span>` : html`<span></span>`}
      ${countdown(scene)}
    </div>
    <h2 id="title" part="title"><bdi>${view.offer?.title}</bdi></h2>
    ${price(scene)} ${choices(scene)}
    <div class="stock" part="stock">
      <span class="left">${view.stock}</span>
      ${
        view.stage === "open" && scene.peak > 0
          ? html`<progress max=${scene.peak} .value=${view.units} aria-hidden="true"></progress>`
          : nothing
      }
    </div>
    ${view.most > 1 ? stepper(scene) : nothing} ${consent(scene)} ${primary(scene)} ${note(scene)}
    ${
      view.side.length > 0
        ? html`<div class="side" part="side">
            ${view.side.map(
              ({ deed, label }) =>
                html`<button type="button" @click=${() => scene.hands.act(deed)}>${label}</button>`,
            )}
          </div>`
        : nothing
    }`;
}

function countdown({ view, texts, nowMs }: Scene): TemplateResult | typeof nothing {
  if (!view.countdown) return nothing;
  const { label, untilMs } = view.countdown;
  return html`<span class="clock" part="clock" role="timer"
    >${clock} ${label} <bdi class="time">${texts.span(untilMs - nowMs)}</bdi></span
  >`;
}

function price({ view, texts }: Scene): TemplateResult {
  const { now, was, lines } = view.price ?? { now: undefined, was: undefined, lines: [] };
  return html`<p class="price" part="price">
      <bdi class="now" dir=${texts.messages.dir}>${now && texts.money(now)}</bdi>
      ${
        was
          ? html`<span class="was" part="was"
              >${texts.messages.was} <s><bdi dir=${texts.messages.dir}>${texts.money(was)}</bdi></s></span
            >`
          : nothing
      }
    </p>
    ${
      lines.length === 0
        ? html`<div class="layers"></div>`
        : html`<ul class="layers" part="layers">
            ${lines.map((line) => html`<li>${lineName(line, texts)} <bdi dir="ltr">${texts.money(line.amount)}</bdi></li>`)}
          </ul>`
    }`;
}

function lineName({ kind, code = "" }: PriceLine, { messages }: Texts): string {
  switch (kind) {
    case "drop_price":
      return messages.dropPrice;
    case "creator_code":
      return messages.creatorCode(code);
    case "loyalty_credit":
      return messages.credit;
  }
}

function choices({ choices: all, view, texts, hands }: Scene): TemplateResult | typeof nothing {
  if (all.length < 2) return nothing;
  return html`<fieldset part="choices">
    <legend>${texts.messages.choose}</legend>
    ${all.map(
      ({ id, name, soldOut }) =>
        html`<label class="choice ${soldOut ? "gone" : ""}"
          ><input
            type="radio"
            name="offer"
            .checked=${id === view.offer?.id}
            @change=${() => hands.choose(id)}
          /><bdi>${name}</bdi
          >${soldOut ? html`<span class="heard">${texts.messages.soldOut}</span>` : nothing}</label
        >`,
    )}
  </fieldset>`;
}

function stepper({ view, texts, hands }: Scene): TemplateResult {
  const { messages } = texts;
  const { quantity, choosable, most, units } = view;
  const max = choosable ? Math.min(most, units) : 0;
  return html`<div class="stepper" part="stepper" role="group" aria-labelledby="quantity">
    <span id="quantity">${messages.quantity}</span>
    <div>
      ${stepButton(messages.less, minus, choosable && quantity > 1, () => hands.step(-1))}
      <output>${texts.number(quantity)}</output>
      ${stepButton(messages.more, plus, quantity < max, () => hands.step(1))}
    </div>
  </div>`;
}

function stepButton(label: string, icon: TemplateResult, isOn: boolean, step: () => void): TemplateResult {
  return html`<button
    type="button"
    aria-label=${label}
    aria-disabled=${isOn ? "false" : "true"}
    @click=${() => isOn && step()}
  >
    ${icon}
  </button>`;
}

function consent({ view, texts, hands, agreed }: Scene): TemplateResult | typeof nothing {
  if (view.consent === undefined) return nothing;
  return html`<div part="consent">
    <p class="note" id="consent">${view.consent}</p>
    <label class="agree"
      ><input
        type="checkbox"
        aria-describedby="consent"
        .checked=${agreed}
        @change=${({ target }: Event) => hands.agree(target instanceof HTMLInputElement && target.checked)}
      />${texts.messages.agree}</label
    >
  </div>`;
}

/**
 * Never `disabled`: a button that loses its use keeps the focus, and says why. Another label is another element: the same
 * one with its text starting elsewhere would be a layout shift.
 */
function primary({ view, texts, hands }: Scene): TemplateResult {
  const { deed, label, busy = false, done = false, href } = view.primary;
  const looks = `primary button ${busy ? "busy" : ""} ${done ? "done" : ""}`;
  if (href !== undefined) {
    return html`<a id="primary" class=${looks} part="button" href=${href} target="_blank" rel="noopener"
      >${shield}${label}<span class="heard"> (${texts.messages.newTab})</span></a
    >`;
  }
  return html`<button
    id="primary"
    class=${looks}
    part="button"
    type="button"
    aria-disabled=${deed ? "false" : "true"}
    @click=${() => deed && hands.act(deed)}
  >
    ${busy ? html`<span class="spinner" aria-hidden="true"></span>` : done ? check : nothing}
    ${keyed(label, html`<span>${label}</span>`)}
  </button>`;
}

function note({ view, texts, nowMs }: Scene): TemplateResult {
  const { text = "", tone = "quiet", untilMs } = view.note ?? {};
  return html`<p class="note ${tone}" part="note">
    ${text}
    ${
      untilMs === undefined
        ? nothing
        : html`<bdi class="time" role="timer">${texts.span(untilMs - nowMs)}</bdi>`
    }
  </p>`;
}
