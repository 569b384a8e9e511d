import type { ScoringInput, ThreatIntel } from '../consensus/scoring-input.ts';
import type { ConnectionRecord } from '../records/connection-record.ts';
import { contentHash } from '../records/content-hash.ts';
import { type Endpoint, remoteEndpoint, scoringInput } from '../records/endpoint.ts';
import type { IsLocal } from '../records/locality.ts';
import { decodeBody, type RejectedRecord } from '../records/message-body.ts';
import type { LookupSource, Lookups } from '../reputation/lookup.ts';
import {
  type AddressItem,
  type AssessedConnections,
  addressItems,
  assessmentText,
} from '../store/address-item.ts';
import { type Assessment, scoredIntel } from '../store/assessment.ts';
import { type ConnectionKind, encodeRow } from '../store/connection-rows.ts';
import type { SettingsStamp } from '../store/settings-stamp.ts';
import type { MessageStatistics } from '../store/summary-item.ts';
import { type SummarizedItem, type SummaryItem, summaryItems } from '../store/summary-item.ts';
import type { Assess } from './assess.ts';
import { StatisticsTally } from './statistics.ts';

/** A message as SQS delivered it. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  /** SentTimestamp: when the queue first had the message, epoch milliseconds. */
  readonly sentAtMs: number;
}

export interface PlanOptions {
  readonly assess: Assess;
  readonly isLocal: IsLocal;
  readonly maliciousThreshold: number;
  /** Difference of the two scores beyond which they count as diverging; as the settings have it by default. */
  readonly divergenceThreshold?: number;
  /** Written with what is stored: the settings that the others of these options follow from. */
  readonly settings?: SettingsStamp;
  /** How long what is stored stays, counted from the message's arrival. */
  readonly retentionSeconds: number;
}

/** Everything that a message leads to, decided but not done. */
export interface MessagePlan {
  readonly items: readonly AddressItem[];
  /** Written last: it says that the items are there. */
  readonly summary: readonly SummaryItem[];
  readonly rejected: readonly RejectedRecord[];
  readonly statistics: MessageStatistics;
}

/** A record with the side of it that is scored. */
export interface ReadRecord {
  readonly record: ConnectionRecord;
  readonly endpoint: Endpoint;
}

/** A message as it was understood: distinct records by remote address, and what is none. */
export interface ReadMessage {
  readonly message: QueuedMessage;
  readonly addresses: ReadonlyMap<string, readonly ReadRecord[]>;
  readonly rejected: readonly RejectedRecord[];
  readonly stored: number;
  readonly duplicates: number;
}

/** What was looked up about an address; undefined where nothing was. */
export type LookupsOf = (address: string) => Lookups | undefined;

/** Reads a message: which records it holds, and which addresses they are about. */
export function readMessage(message: QueuedMessage, isLocal: IsLocal): ReadMessage {
  const { accepted, rejected } = decodeBody(message.body);
  const addresses = new Map<string, ReadRecord[]>();
  const seen = new Set<string>();
  for (const { record, canonical } of accepted) {
    if (seen.has(canonical)) continue;
    seen.add(canonical);
    const endpoint = remoteEndpoint(record, isLocal);
    const records = addresses.get(endpoint.address);
    if (records === undefined) addresses.set(endpoint.address, [{ record, endpoint }]);
    else records.push({ record, endpoint });
  }
  return { message, addresses, rejected, stored: seen.size, duplicates: accepted.length - seen.size };
}

/**
 * Decides what to store and what to reject for one message, without doing it. A pure function of the message, what
 * was looked up and the options: the same message leads to the same keys whatever else shares its batch, and whatever
 * is known about its addresses.
 */
export function planRecords(read: ReadMessage, options: PlanOptions, lookupsOf?: LookupsOf): MessagePlan {
  const { message, rejected, stored, duplicates } = read;
  const tally = new StatisticsTally(options.maliciousThreshold, options.divergenceThreshold);
  const hash = contentHash(message.body);
  const common = {
    message: hash,
    ingestedAtMs: message.sentAtMs,
    expiresAt: Math.floor(message.sentAtMs / 1000) + options.retentionSeconds,
  };
  const items: AddressItem[] = [];
  const summarized: SummarizedItem[] = [];
  for (const [address, records] of read.addresses) {
    const plan = new AddressPlan(options.assess, tally, lookupsOf?.(address));
    for (const { record, endpoint } of records) plan.add(record, endpoint);
    const parts = addressItems({ ...common, address, settings: options.settings, ...plan.result() });
    items.push(...parts);
    summarized.push({ address, latestMs: plan.latestMs, parts: parts.length });
  }
  const statistics = tally.finish({
    stored,
    duplicates,
    rejected: rejected.reduce((sum, { count = 1 }) => sum + count, 0),
  });
  const summary = summaryItems({
    ...common,
    messageId: message.messageId,
    statistics,
    settings: options.settings,
    divergences: tally.divergences,
    items: summarized,
  });
  return { items, summary, rejected, statistics };
}

/** Reads a message and plans it, without anything looked up. */
export function planMessage(message: QueuedMessage, options: PlanOptions): MessagePlan {
  return planRecords(readMessage(message, options.isLocal), options);
}

interface Group extends AssessedConnections {
  readonly rows: string[];
}

/** Collects one address's connections under the assessments that cover them. */
class AddressPlan {
  readonly #assess: Assess;
  readonly #tally: StatisticsTally;
  readonly #lookups: Lookups | undefined;
  /** What was looked up, as a record would bring it along. */
  readonly #intel: ThreatIntel | undefined;
  readonly #kinds: ConnectionKind[] = [];
  /** By scoring input: each distinct one is assessed once. */
  readonly #assessed = new Map<string, Group>();
  /** By what the assessment says: endpoints with the same one share it. */
  readonly #groups = new Map<string, Group>();
  latestMs = 0;

  constructor(assess: Assess, tally: StatisticsTally, lookups: Lookups | undefined) {
    this.#assess = assess;
    this.#tally = tally;
    this.#lookups = lookups;
    this.#intel = scoredIntel(undefined, lookups);
    if (lookups !== undefined) tally.addLookups(lookups);
  }

  add(record: ConnectionRecord, endpoint: Endpoint): void {
    this.latestMs = Math.max(this.latestMs, Math.round(record.timestamp * 1000));
    this.#groupOf(record, endpoint).rows.push(encodeRow(record, endpoint, this.#kinds));
  }

  #groupOf(record: ConnectionRecord, endpoint: Endpoint): Group {
    const brought = record.threat_intel;
    // The common case is worked out once: nothing is brought along, and the same is known for all.
    const lookups =
      brought === undefined ? this.#lookups : this.#lookups && lookupsBeside(brought, this.#lookups);
    const threat_intel = brought === undefined ? this.#intel : scoredIntel(brought, lookups);
    const input = scoringInput(record, endpoint, threat_intel);
    const key = scoringKey(input, brought);
    const known = this.#assessed.get(key);
    if (known !== undefined) return known;

    const assessment = withLookups(this.#assess(input), brought, lookups);
    const needsAttention = this.#tally.addAssessment(assessment, input);
    const text = assessmentText(assessment);
    let group = this.#groups.get(text);
    if (group === undefined) {
      group = { assessment, text, needsAttention, rows: [] };
      this.#groups.set(text, group);
    }
    this.#assessed.set(key, group);
    return group;
  }

  result() {
    return { latestMs: this.latestMs, kinds: this.#kinds, groups: [...this.#groups.values()] };
  }
}

/** The look-ups that a record is in need of: what it brings along stands. */
function lookupsBeside(brought: ThreatIntel | undefined, lookups: Lookups): Lookups | undefined {
  if (brought === undefined) return lookups;
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
