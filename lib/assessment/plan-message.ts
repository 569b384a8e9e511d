import type { ScoringInput } from '../consensus/scoring-input.ts';
import type { ConnectionRecord } from '../records/connection-record.ts';
import { contentHash } from '../records/content-hash.ts';
import { type Endpoint, remoteEndpoint, scoringInput } from '../records/endpoint.ts';
import type { IsLocal } from '../records/locality.ts';
import { decodeBody, type RejectedRecord } from '../records/message-body.ts';
import { type AddressItem, type AssessedConnections, addressItems } from '../store/address-item.ts';
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

/**
 * Decides what to store and what to reject for one message, without doing it. A pure function of the message
 * and the options: the same message leads to the same keys whatever else shares its batch.
 */
export function planMessage(message: QueuedMessage, options: PlanOptions): MessagePlan {
  const { accepted, rejected } = decodeBody(message.body);
  const tally = new StatisticsTally(options.maliciousThreshold, options.divergenceThreshold);
  const addresses = new Map<string, AddressPlan>();
  const seen = new Set<string>();
  for (const { record, canonical } of accepted) {
    if (seen.has(canonical)) continue;
    seen.add(canonical);
    const endpoint = remoteEndpoint(record, options.isLocal);
    let plan = addresses.get(endpoint.address);
    if (plan === undefined) {
      plan = new AddressPlan(options.assess, tally);
      addresses.set(endpoint.address, plan);
    }
    plan.add(record, endpoint);
  }

  const hash = contentHash(message.body);
  const common = {
    message: hash,
    ingestedAtMs: message.sentAtMs,
    expiresAt: Math.floor(message.sentAtMs / 1000) + options.retentionSeconds,
  };
  const items: AddressItem[] = [];
  const summarized: SummarizedItem[] = [];
  for (const [address, plan] of addresses) {
    const parts = addressItems({ ...common, address, settings: options.settings, ...plan.result() });
    items.push(...parts);
    summarized.push({ address, latestMs: plan.latestMs, parts: parts.length });
  }
  const statistics = tally.finish({
    stored: seen.size,
    duplicates: accepted.length - seen.size,
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

interface Group extends AssessedConnections {
  readonly rows: string[];
}

/** Collects one address's connections under the assessments that cover them. */
class AddressPlan {
  readonly #assess: Assess;
  readonly #tally: StatisticsTally;
  readonly #kinds: ConnectionKind[] = [];
  /** By scoring input: each distinct one is assessed once. */
  readonly #assessed = new Map<string, Group>();
  /** By what the assessment says: endpoints with the same one share it. */
  readonly #groups = new Map<string, Group>();
  latestMs = 0;

  constructor(assess: Assess, tally: StatisticsTally) {
    this.#assess = assess;
    this.#tally = tally;
  }

  add(record: ConnectionRecord, endpoint: Endpoint): void {
    this.latestMs = Math.max(this.latestMs, Math.round(record.timestamp * 1000));
    this.#groupOf(record, endpoint).rows.push(encodeRow(record, endpoint, this.#kinds));
  }

  #groupOf(record: ConnectionRecord, endpoint: Endpoint): Group {
    const input = scoringInput(record, endpoint);
    const key = scoringKey(input);
    const known = this.#assessed.get(key);
    if (known !== undefined) return known;

    const assessment = this.#assess(input);
    const needsAttention = this.#tally.addAssessment(assessment, input);
    const content = JSON.stringify(assessment);
    let group = this.#groups.get(content);
    if (group === undefined) {
      group = { assessment, assessmentBytes: Buffer.byteLength(content), needsAttention, rows: [] };
      this.#groups.set(content, group);
    }
    this.#assessed.set(key, group);
    return group;
  }

  result() {
    return { latestMs: this.latestMs, kinds: this.#kinds, groups: [...this.#groups.values()] };
  }
}

/** Tells an address's scoring inputs apart. Records are canonical, so equal intelligence is equal text. */
function scoringKey({
  dst_port,
  protocol,
  direction,
  threat_intel,
  geo_data,
  report_age_days,
}: ScoringInput): string {
  const endpoint = `${dst_port}/${protocol}/${direction}`;
  if (threat_intel === undefined && geo_data === undefined) return endpoint;
  return `${endpoint}/${report_age_days}/${JSON.stringify([threat_intel, geo_data])}`;
}
