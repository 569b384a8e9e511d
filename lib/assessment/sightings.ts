import { readExchange } from '../activity/exchange.ts';
import type { Sighting } from '../announcement/sighting.ts';
import { usesConsensus } from '../cutover/canary.ts';
import type { AssessedConnections } from '../store/address-parts.ts';
import { type Assessment, ATTENTION_REASONS, attentionReasons } from '../store/assessment.ts';
import { assessmentId, endpointName, listingsName } from '../store/assessment-id.ts';
import type { FindingService } from '../store/finding.ts';
import { dayOf } from '../store/keys.ts';
import type { UnitRecord } from './form-units.ts';
import type { ScoredUnit, ScoringOptions, UnitAddress } from './score-unit.ts';

/** Options of sightings. Without settings, the consensus score counts as the one in use. */
export type SightingOptions = Pick<ScoringOptions, 'maliciousThreshold' | 'settings' | 'retentionSeconds'>;

/**
 * Finds what a human may have to know about an address: one sighting for each direction with such an assessment, and a
 * second one if the allowlist covers a part of it.
 */
export function sightingsOf(
  { read: { unit, ingestedAtMs } }: Pick<ScoredUnit, 'read'>,
  { address, records, scored }: UnitAddress,
  { maliciousThreshold, settings, retentionSeconds }: SightingOptions,
): Sighting[] {
  const concerning = scored.groups.filter(
    ({ assessment }) =>
      attentionReasons(assessment, maliciousThreshold).length > 0 ||
      isMaliciousByConsensus(assessment, maliciousThreshold),
  );
  if (concerning.length === 0) return [];
  const common = {
    address,
    day: dayOf(ingestedAtMs),
    ingestedAtMs,
    expiresAt: Math.floor(ingestedAtMs / 1000) + retentionSeconds,
    maliciousThreshold,
    usesConsensus: settings === undefined || usesConsensus(settings, address),
  };
  const tallies = new Map<string, DirectionTally>();
  for (const group of concerning) {
    for (const { place } of group.rows) {
      const record = records[place];
      if (record === undefined) continue;
      const { direction } = record.endpoint;
      const isAllowed = group.assessment.allowed !== undefined;
      const key = `${direction} ${isAllowed}`;
      const tally = tallies.get(key) ?? new DirectionTally(direction, isAllowed);
      tallies.set(key, tally);
      tally.add(group, record);
    }
  }
  return [...tallies.values()].map((tally) => tally.finish(common, unit));
}

function isMaliciousByConsensus(assessment: Assessment, maliciousThreshold: number): boolean {
  return assessment.method === 'median' && assessment.consensus_score >= maliciousThreshold;
}

type Common = Pick<
  Sighting,
  'address' | 'day' | 'ingestedAtMs' | 'expiresAt' | 'maliciousThreshold' | 'usesConsensus'
>;

/** Adds up the connections of an address in one direction. */
class DirectionTally {
  readonly #direction: Sighting['direction'];
  readonly #isAllowed: boolean;
  readonly #assessments = new Set<Assessment>();
  readonly #localHosts = new Set<string>();
  readonly #services = new Map<string, FindingService>();
  #worst: { readonly assessment: Assessment; readonly record: UnitRecord } | undefined;
  #connections = 0;
  #answered = 0;
  #tellsAnswers = false;
  #firstSeenMs = Number.POSITIVE_INFINITY;
  #lastSeenMs = 0;

  constructor(direction: Sighting['direction'], isAllowed: boolean) {
    this.#direction = direction;
    this.#isAllowed = isAllowed;
  }

  add({ assessment }: AssessedConnections, read: UnitRecord): void {
    const { record, endpoint } = read;
    if (!this.#assessments.has(assessment)) {
      this.#assessments.add(assessment);
      if (assessment.input.activity?.answered !== undefined) this.#tellsAnswers = true;
      if (this.#worst === undefined || severityOf(assessment) > severityOf(this.#worst.assessment)) {
        this.#worst = { assessment, record: read };
      }
    }
    const outcome = readExchange(record, endpoint)?.outcome ?? 'unknown';
    const seenMs = Math.round(record.timestamp * 1000);
    const { dst_port: port, protocol } = endpoint;
    this.#connections++;
    if (outcome === 'answered') this.#answered++;
    if (outcome !== 'unknown') this.#tellsAnswers = true;
    this.#localHosts.add(this.#direction === 'inbound' ? record.dst_ip : record.src_ip);
    this.#services.set(`${port}/${protocol}`, { port, protocol });
    this.#firstSeenMs = Math.min(this.#firstSeenMs, seenMs);
    this.#lastSeenMs = Math.max(this.#lastSeenMs, seenMs);
  }

  /** @throws TypeError if nothing was added */
  finish(common: Common, unit: string): Sighting {
    if (this.#worst === undefined) throw new TypeError('a sighting without connections');
    const { assessment, record } = this.#worst;
    const { report_age_days: reportAgeDays, ...context } = assessment.input;
    const endpoint = endpointName(record.endpoint, context);
    const listed = listingsName(assessment.lookups?.listings?.intel);
    const { address, maliciousThreshold } = common;
    return {
      ...common,
      direction: this.#direction,
      ...(this.#isAllowed && { isAllowed: true }),
      assessment,
      assessmentId: assessmentId({
        address,
        unit,
        endpoint,
        ...(reportAgeDays !== undefined && { reportAgeDays }),
        ...(listed !== undefined && { listed }),
      }),
      reasons: this.#reasons(maliciousThreshold),
      isMaliciousByConsensus: isMaliciousByConsensus(assessment, maliciousThreshold),
      connections: this.#connections,
      answered: this.#answered,
      tellsAnswers: this.#tellsAnswers,
      localHosts: this.#localHosts,
      services: this.#services,
      firstSeenMs: this.#firstSeenMs,
      lastSeenMs: this.#lastSeenMs,
    };
  }

  #reasons(maliciousThreshold: number) {
    const found = new Set(
      [...this.#assessments].flatMap((assessment) => attentionReasons(assessment, maliciousThreshold)),
    );
    return ATTENTION_REASONS.filter((reason) => found.has(reason));
  }
}

/** Orders by the score in use, then by the consensus score. */
function severityOf(assessment: Assessment): number {
  const consensus = assessment.method === 'median' ? assessment.consensus_score : 0;
  return assessment.threat_score + consensus / 1_000;
}
