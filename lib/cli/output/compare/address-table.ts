import { type Html, html } from '../../../charts/html.ts';
import type { DivergentAddress } from '../../../statistics/divergent-address.ts';
import { printable } from '../terminal.ts';
import { endpointText, flipText, score } from './wording.ts';

/** Addresses with both scores and the reasons for both. */
export function addressTable(addresses: readonly DivergentAddress[]): Html {
  return html`<div class="addresses">${addresses.map(renderAddress)}</div>`;
}

function renderAddress(each: DivergentAddress): Html {
  const flip = flipText(each);
  const votes = each.votes.map(
    ({ scorer, score: vote, reasoning }) =>
      html`<dt>${scorer} <b>${score(vote)}</b></dt><dd>${printable(reasoning)}</dd>`,
  );
  return html`<article>
<h3>${printable(each.address)} <small>${printable(endpointText(each))}</small></h3>
<p class="scores">legacy <b>${score(each.legacy_score)}</b> → consensus <b>${score(each.consensus_score)}</b>${flip && html` <span class="flip">${printable(flip)}</span>`}</p>
<dl><dt>legacy <b>${score(each.legacy_score)}</b></dt><dd>${printable(each.legacy_reasoning)}</dd>${votes}</dl>
<p class="id">${printable(each.assessment)}</p>
</article>
`;
}
