import type { Consensus } from '../consensus/consensus.ts';
import type { ScoringInput } from '../consensus/scoring-input.ts';
import type { EvidenceSource } from '../consensus/verdict.ts';
import { SCORER_NAMES, type ScorerName } from '../consensus/vote.ts';
import type { Label } from '../store/labels.ts';
import { type ShareInterval, wilsonInterval } from './wilson-interval.ts';

/** A share with its 95 % interval and its number of cases. */
export interface MeasuredShare extends ShareInterval {
  readonly share: number;
  readonly cases: number;
}

/** Accuracy against human labels. */
export interface LabelScore {
  /** Labelled endpoints it had an opinion on. */
  readonly labels: number;
  /** Share of true positives among those it called malicious; null below ten cases, which say nothing. */
  readonly precision: MeasuredShare | null;
  /** Share of the malicious ones that it called malicious; null below ten cases. */
  readonly recall: MeasuredShare | null;
}

/** Label scores of each scorer, of the combined scores, and of each source on its own. */
export interface LabelReport {
  readonly labels: number;
  readonly malicious: number;
  readonly scores: Readonly<Record<'threat_score' | 'consensus' | 'legacy', LabelScore>>;
  readonly scorers: Readonly<Record<ScorerName, LabelScore>>;
  readonly sources: Readonly<Record<EvidenceSource, LabelScore>>;
}

export const FEWEST_CASES = 10;
export const EVIDENCE_SOURCES = [
  'virustotal',
  'abuseipdb',
  'listings',
  'activity',
  'detections',
] as const satisfies EvidenceSource[];

/**
 * Measures scorers and sources against labels. A source is measured by the consensus on its evidence alone, if it had
 * any. Endpoints are usually labelled because of their score, so recall is overestimated unless low scores get labelled
 * too.
 *
 * @param consensus scores the evidence of a single source
 */
export class LabelJudge {
  readonly #maliciousThreshold: number;
  readonly #consensus: Consensus;
  readonly #tallies = new Map<string, Tally>();
  #labels = 0;
  #malicious = 0;

  constructor(consensus: Consensus, maliciousThreshold: number) {
    this.#consensus = consensus;
    this.#maliciousThreshold = maliciousThreshold;
  }

  add({ label, address, snapshot }: Label): void {
    const isMalicious = label === 'malicious';
    this.#labels++;
    if (isMalicious) this.#malicious++;
    this.#judge('threat_score', snapshot.threat_score, isMalicious);
    this.#judge('consensus', snapshot.consensus_score, isMalicious);
    this.#judge('legacy', snapshot.legacy_score, isMalicious);
    for (const name of SCORER_NAMES) this.#judge(name, snapshot.votes[name]?.score, isMalicious);
    const input = { ...(JSON.parse(snapshot.input) as Omit<ScoringInput, 'address'>), address };
    for (const source of EVIDENCE_SOURCES) {
      if (snapshot.evidence.includes(source)) {
        this.#judge(source, this.#scoreOf(withSourceAlone(input, source)), isMalicious);
      }
    }
  }

  get report(): LabelReport {
    const of = <Name extends string>(names: readonly Name[]) =>
      Object.fromEntries(names.map((name) => [name, scoreOf(this.#tallies.get(name))])) as Record<
        Name,
        LabelScore
      >;
    return {
      labels: this.#labels,
      malicious: this.#malicious,
      scores: of(['threat_score', 'consensus', 'legacy']),
      scorers: of(SCORER_NAMES),
      sources: of(EVIDENCE_SOURCES),
    };
  }

  #scoreOf(input: ScoringInput): number | undefined {
    const verdict = this.#consensus.assess(input);
    return verdict.method === 'median' ? verdict.consensus_score : undefined;
  }

  #judge(name: string, score: number | undefined, isMalicious: boolean): void {
    if (score === undefined) return;
    const tally = this.#tallies.get(name) ?? { labels: 0, called: 0, malicious: 0, both: 0 };
    this.#tallies.set(name, tally);
    const isCalled = score >= this.#maliciousThreshold;
    tally.labels++;
    if (isCalled) tally.called++;
    if (isMalicious) tally.malicious++;
    if (isCalled && isMalicious) tally.both++;
  }
}

interface Tally {
  labels: number;
  called: number;
  malicious: number;
  both: number;
}

function scoreOf(tally: Tally | undefined): LabelScore {
  if (tally === undefined) return { labels: 0, precision: null, recall: null };
  const { labels, called, malicious, both } = tally;
  return { labels, precision: measured(both, called), recall: measured(both, malicious) };
}

function measured(part: number, whole: number): MeasuredShare | null {
  if (whole < FEWEST_CASES) return null;
  return { share: part / whole, cases: whole, ...wilsonInterval(part, whole) };
}

/** The input as if no other source had answered. */
function withSourceAlone(
  { threat_intel = {}, activity, detections, report_age_days, ...endpoint }: ScoringInput,
  source: EvidenceSource,
): ScoringInput {
  if (source === 'activity') return { ...endpoint, ...(activity !== undefined && { activity }) };
  if (source === 'detections') return { ...endpoint, ...(detections !== undefined && { detections }) };
  const { virustotal, abuseipdb, listings, blocklist } = threat_intel;
  switch (source) {
    case 'virustotal':
      return { ...endpoint, threat_intel: { ...(virustotal && { virustotal }) } };
    case 'abuseipdb':
      return {
        ...endpoint,
        threat_intel: { ...(abuseipdb && { abuseipdb }) },
        ...(report_age_days !== undefined && { report_age_days }),
      };
    case 'listings':
      return {
        ...endpoint,
        threat_intel: { ...(listings && { listings }), ...(blocklist && { blocklist }) },
      };
  }
}
