import { escapeHtml } from '../../../charts/escape-html.ts';
import type { DivergentAddress } from '../../../statistics/divergent-address.ts';
import { printable } from '../terminal.ts';
import { endpointText, flipText, score } from './wording.ts';

/** Addresses with both scores and the reasons for both. What senders wrote is shown as text, whatever it holds. */
export function addressTable(addresses: readonly DivergentAddress[]): string {
  return `<div class="addresses">${addresses.map(renderAddress).join('\n')}</div>`;
}

function renderAddress(each: DivergentAddress): string {
  const flip = flipText(each);
  const votes = each.votes.map(
    ({ scorer, score: vote, reasoning }) =>
      `<dt>${scorer} <b>${score(vote)}</b></dt><dd>${shown(reasoning)}</dd>`,
  );
  return `<article>
<h3>${shown(each.address)} <small>${shown(endpointText(each))}</small></h3>
<p class="scores">legacy <b>${score(each.legacy_score)}</b> → consensus <b>${score(each.consensus_score)}</b>${flip === undefined ? '' : ` <span class="flip">${shown(flip)}</span>`}</p>
<dl><dt>legacy <b>${score(each.legacy_score)}</b></dt><dd>${shown(each.legacy_reasoning)}</dd>${votes.join('')}</dl>
<p class="id">${shown(each.assessment)}</p>
</article>`;
}

function shown(text: string): string {
  return escapeHtml(printable(text));
}
