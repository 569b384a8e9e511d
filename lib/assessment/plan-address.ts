import type { ScoringInput, ThreatIntel } from '../consensus/scoring-input.ts';
import { scoringInput } from '../records/endpoint.ts';
import type { LookupSource, Lookups } from '../reputation/lookup.ts';
import type { AssessedConnections, PlacedRow } from '../store/address-parts.ts';
import { type Assessment, attentionReasons, scoredIntel } from '../store/assessment.ts';
import { assessmentText } from '../store/assessment-text.ts';
import { type ConnectionKind, encodeRow } from '../store/connection-rows.ts';
import type { Assess } from './assess.ts';
import type { ReadRecord } from './read-message.ts';

/** What an address's connections came to. */
export interface AddressPlan {
  /** Time of the latest connection, epoch milliseconds. */
  readonly latestMs: number;
  readonly kinds: readonly ConnectionKind[];
  readonly groups: readonly AssessedConnections[];
  /** Each distinct scoring input with its assessment. */
  readonly assessed: readonly { readonly input: ScoringInput; readonly assessment: Assessment }[];
}

export interface AddressOptions {
  readonly assess: Assess;
  readonly maliciousThreshold: number;
}

/**
 * Assesses each distinct scoring input of an address once and collects its connections under the assessments that cover
 * them.
 *
 * @param records of one address, in canonical order
 * @param lookups what was looked up about the address
 */
export function planAddress(
  records: readonly ReadRecord[],
  options: AddressOptions,
  lookups?: Lookups,
): AddressPlan {
  const groups = new AddressGroups(options, lookups);
  const kinds: ConnectionKind[] = [];
  let latestMs = 0;
  for (const [place, entry] of records.entries()) {
    const { record, canonical, endpoint } = entry;
    latestMs = Math.max(latestMs, Math.round(record.timestamp * 1000));
    groups.of(entry).rows.push({ text: encodeRow(record, endpoint, kinds), canonical, place });
  }
  return { latestMs, kinds, groups: groups.all, assessed: groups.assessed };
}

interface Group extends AssessedConnections {
  readonly rows: PlacedRow[];
}

class AddressGroups {
  readonly #options: AddressOptions;
  readonly #lookups: Lookups | undefined;
  /** What was looked up, as a record would bring it along. */
  readonly #intel: ThreatIntel | undefined;
  /** By scoring input. */
  readonly #byInput = new Map<string, Group>();
  /** By what the assessment says: endpoints with the same one share it. */
  readonly #byText = new Map<string, Group>();
  readonly assessed: { readonly input: ScoringInput; readonly assessment: Assessment }[] = [];

  constructor(options: AddressOptions, lookups: Lookups | undefined) {
    this.#options = options;
    this.#lookups = lookups;
    this.#intel = scoredIntel(undefined, lookups);
  }

  get all(): Group[] {
    return [...this.#byText.values()];
  }

  of({ record, endpoint }: ReadRecord): Group {
    const brought = record.threat_intel;
    // The common case is worked out once: nothing is brought along, and the same is known for all.
    const lookups =
      brought === undefined ? this.#lookups : this.#lookups && lookupsBeside(brought, this.#lookups);
    const threat_intel = brought === undefined ? this.#intel : scoredIntel(brought, lookups);
    const input = scoringInput(record, endpoint, threat_intel);
    const key = scoringKey(input, brought);
    const group = this.#byInput.get(key) ?? this.#assess(input, brought, lookups);
    this.#byInput.set(key, group);
    return group;
  }

  #assess(input: ScoringInput, brought: ThreatIntel | undefined, lookups: Lookups | undefined): Group {
    const { assess, maliciousThreshold } = this.#options;
    const assessment = withLookups(assess(input), brought, lookups);
    this.assessed.push({ input, assessment });
    const text = assessmentText(assessment);
    const needsAttention = attentionReasons(assessment, maliciousThreshold).length > 0;
    const group = this.#byText.get(text) ?? { assessment, text, needsAttention, rows: [] };
    this.#byText.set(text, group);
    return group;
  }
}

/** Leaves the look-ups that a record lacks: what it brings along stands. */
function lookupsBeside(brought: ThreatIntel, lookups: Lookups): Lookups | undefined {
  const beside = Object.entries(lookups).filter(([source]) => brought[source as LookupSource] === undefined);
  return beside.length === 0 ? undefined : Object.fromEntries(beside);
}

/** Keeps apart what records brought along and what was looked up, so that records can be read back as they came. */
function withLookups(
  assessment: Assessment,
  brought: ThreatIntel | undefined,
  lookups: Lookups | undefined,
): Assessment {
  if (lookups === undefined) return assessment;
  const { threat_intel: _, ...input } = assessment.input;
  return {
    ...assessment,
    input: { ...(brought !== undefined && { threat_intel: brought }), ...input },
    lookups,
  };
}

/**
 * Tells an address's scoring inputs apart; what was looked up is the same for all of them. Records are canonical, so
 * equal intelligence is equal text.
 */
function scoringKey(
  { dst_port, protocol, direction, geo_data, report_age_days }: ScoringInput,
  brought: ThreatIntel | undefined,
): string {
  const endpoint = `${dst_port}/${protocol}/${direction}/${report_age_days}`;
  if (brought === undefined && geo_data === undefined) return endpoint;
  return `${endpoint}/${JSON.stringify([brought, geo_data])}`;
}
