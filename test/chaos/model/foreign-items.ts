import type { WireItem } from '../audit/stored-form.ts';
import type { SentBody } from '../workload/sent-message.ts';

/** A schema version that does not exist yet. */
const LATER_SCHEMA = '9';
/** The first character of its hash has the value 0, so it is in the first shard of everything. */
const UNIT = 'AAAAAAAAAAAAAAAAAAAAAA';

/** Items that a later version might write, in the partitions and the index where readers look for their own. */
export function foreignItems({ distinct }: SentBody, nowMs: number): WireItem[] {
  const [address] = distinct.values();
  const day = new Date(nowMs).toISOString().slice(0, 10);
  const common = {
    schema: { N: LATER_SCHEMA },
    ingested_at: { N: String(nowMs) },
    expires_at: { N: String(Math.floor(nowMs / 1000) + 86_400) },
  };
  const summary: WireItem = {
    ...common,
    pk: { S: `unit#${UNIT}` },
    sk: { S: 'summary' },
    time_bucket: { S: `summary#${day}#0` },
    counts: { L: [{ N: '1' }] },
  };
  if (address === undefined) return [summary];
  const item: WireItem = {
    ...common,
    pk: { S: `address#${address}#0` },
    sk: { S: `001700000000000#${UNIT}#${UNIT}` },
    body: { B: 'AAECAw==' },
  };
  return [summary, item];
}
