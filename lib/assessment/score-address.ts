import type { DetectionsOf } from '../activity/detections.ts';
import type { Activity } from '../consensus/activity.ts';
import type { ScoringInput, ThreatIntel } from '../consensus/scoring-input.ts';
import type { LookUpSource, LookUps } from '../intelligence/look-up.ts';
import { type Endpoint, scoringInput } from '../records/endpoint.ts';
import type { AssessedConnections, PlacedRow } from '../store/address-parts.ts';
import { type Assessment, scoredIntel } from '../store/assessment.ts';
import { assessmentText } from '../store/assessment-text.ts';
import { type ConnectionKind, encodeRow } from '../store/connection-rows.ts';
import { LookUpsOverTime } from './aged-look-ups.ts';
import type { Assess } from './assess.ts';
import type { ReadRecord } from './read-body.ts';

/** The scoring result for an address. */
export interface ScoredAddress {
  /** Time of the latest connection, epoch milliseconds. */
  readonly latestMs: number;
  readonly kinds: readonly ConnectionKind[];
  readonly groups: readonly AssessedConnections[];
  /** Each distinct scoring input with its assessment. */
  readonly assessed: readonly { readonly input: ScoringInput; readonly assessment: Assessment }[];
}

/** Finds the allowlist entry that covers an endpoint. @returns its id */
export type AllowedBy = (
  endpoint: Pick<Endpoint, 'address' | 'dst_port' | 'direction'>,
) => string | undefined;

/** What is known about an address in addition to what its records carry. */
export interface KnownOfAddress {
  /** Look-up results. */
  readonly lookUps?: LookUps | undefined;
  /** What its connections in the endpoint's direction show. */
  readonly activityOf?: (endpoint: Endpoint) => Activity | undefined;
  /** Rules that fired on connections of the endpoint. */
  readonly detectionsOf?: DetectionsOf | undefined;
}

export interface AddressOptions {
  readonly assess: Assess;
  /** The id of the allowlist entry that covers an endpoint; if absent, nothing is allowed. */
  readonly allowedBy?: AllowedBy | undefined;
}

/**
 * Assesses each distinct scoring input of an address once and groups its connections by the assessment that covers
 * them.
 *
 * @param records of one address, in canonical order
 * @param known what is known about the address in addition to what its records carry
 */
export function scoreAddress(
  records: readonly ReadRecord[],
  options: AddressOptions,
  known: KnownOfAddress = {},
): ScoredAddress {
  const groups = new AddressGroups(options, known);
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
  readonly #activityOf: (endpoint: Endpoint) => Activity | undefined;
  readonly #detectionsOf: DetectionsOf;
  readonly #lookUps: LookUpsOverTime;
  /** By scoring input. */
  readonly #byInput = new Map<string, Group>();
  /** By the text of the assessment: endpoints with the same text share it. */
  readonly #byText = new Map<string, Group>();
  readonly assessed: { readonly input: ScoringInput; readonly assessment: Assessment }[] = [];

  constructor(options: AddressOptions, known: KnownOfAddress) {
    const { lookUps, activityOf = () => undefined, detectionsOf = () => undefined } = known;
    this.#options = options;
    this.#activityOf = activityOf;
    this.#detectionsOf = detectionsOf;
    this.#lookUps = new LookUpsOverTime(lookUps);
  }

  get all(): Group[] {
    return [...this.#byText.values()];
  }

  of({ record, endpoint }: ReadRecord): Group {
    const brought = record.threat_intel;
    // The common case is computed once: records carry no intelligence, and the same is known for all.
    const known = this.#lookUps.at(record.timestamp);
    const lookUps =
      brought === undefined ? known.lookUps : known.lookUps && lookUpsBeside(brought, known.lookUps);
    const threat_intel = brought === undefined ? known.intel : scoredIntel(brought, lookUps);
    const input = scoringInput(record, endpoint, threat_intel, {
      activity: this.#activityOf(endpoint),
      detections: this.#detectionsOf(endpoint),
    });
    const key = scoringKey(input, brought, known.key);
    const group = this.#byInput.get(key) ?? this.#assess(input, endpoint, brought, lookUps);
    this.#byInput.set(key, group);
    return group;
  }

  #assess(
    input: ScoringInput,
    endpoint: Endpoint,
    brought: ThreatIntel | undefined,
    lookUps: LookUps | undefined,
  ): Group {
    const { assess, allowedBy } = this.#options;
    const allowed = allowedBy?.(endpoint);
    const scored = withLookUps(assess(input), brought, lookUps);
    const assessment = allowed === undefined ? scored : { ...scored, allowed };
    this.assessed.push({ input, assessment });
    const text = assessmentText(assessment);
    const group = this.#byText.get(text) ?? { assessment, text, rows: [] };
    this.#byText.set(text, group);
    return group;
  }
}

/** Keeps the look-ups that a record lacks: intelligence the record carries takes precedence. */
function lookUpsBeside(brought: ThreatIntel, lookUps: LookUps): LookUps | undefined {
  const beside = Object.entries(lookUps).filter(([source]) => brought[source as LookUpSource] === undefined);
  return beside.length === 0 ? undefined : Object.fromEntries(beside);
}

/** Keeps intelligence from the records separate from look-up results, so that records can be read back as they came. */
function withLookUps(
  assessment: Assessment,
  brought: ThreatIntel | undefined,
  lookUps: LookUps | undefined,
): Assessment {
  if (lookUps === undefined) return assessment;
  const { threat_intel: _, ...input } = assessment.input;
  return {
    ...assessment,
    input: { ...(brought !== undefined && { threat_intel: brought }), ...input },
    lookups: lookUps,
  };
}

/**
 * Distinguishes an address's scoring inputs; look-up results are the same for all of them, except for the ages of
 * listings. Records are canonical, so equal intelligence is equal text.
 */
function scoringKey(
  { dst_port, protocol, direction, geo_data, report_age_days }: ScoringInput,
  brought: ThreatIntel | undefined,
  ages: string,
): string {
  const endpoint = `${dst_port}/${protocol}/${direction}/${report_age_days}/${ages}`;
  if (brought === undefined && geo_data === undefined) return endpoint;
  return `${endpoint}/${JSON.stringify([brought, geo_data])}`;
}
