import { type Assessment, scoredInput } from '../../../store/assessment.ts';
import type { EvidenceCounts } from '../../results/evidence-counts.ts';

/** Counts addresses by the sources with evidence about them; lists are named. */
export class EvidenceTally {
  readonly #addresses = new Set<string>();
  readonly #bySource = new Map<string, Set<string>>();

  add(address: string, assessment: Pick<Assessment, 'evidence' | 'input' | 'lookups'>): void {
    this.#addresses.add(address);
    for (const source of assessment.evidence) if (source !== 'listings') this.#note(source, address);
    const { blocklist, listings = [] } = scoredInput(assessment).threat_intel ?? {};
    for (const { source } of listings) this.#note(source, address);
    if (blocklist != null) this.#note('blocklists of the records', address);
  }

  get counts(): EvidenceCounts {
    const sources = [...this.#bySource].map(([source, addresses]) => ({ source, addresses: addresses.size }));
    return {
      addresses: this.#addresses.size,
      sources: sources.sort((a, b) => b.addresses - a.addresses || (a.source < b.source ? -1 : 1)),
    };
  }

  #note(source: string, address: string): void {
    const known = this.#bySource.get(source);
    if (known === undefined) this.#bySource.set(source, new Set([address]));
    else known.add(address);
  }
}
