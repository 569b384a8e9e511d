import { WINDOW } from '../../../logs/windows.ts';
import type { Demand, Scale, Traffic } from '../../results/scale.ts';
import { LIMITS, PROVIDER_QUOTAS } from './limits.ts';
import type { RecordCosts, Service } from './traffic.ts';

/** Headroom over full load, for bursts, retries and cold starts. */
const HEADROOM = 1.5;
/** Each execution environment reads the settings every 30 to 36 s: 33 on average. */
const SETTINGS_PERIOD_SECONDS = 33;
const SECONDS_PER_DAY = 86_400;
const MINUTES_PER_DAY = 1_440;
const SECONDS_PER_MONTH = 730 * 3600;

/** Computes what the traffic requires of a deployment from measured costs per record. */
export function estimateScale(traffic: Traffic, service: Service, costs: RecordCosts): Scale {
  const { rate } = traffic;
  const messages = rate / costs.recordsPerMessage;
  const batch = messagesPerBatch(service, costs, messages);
  const recordsPerInvocation = costs.recordsPerMessage * batch;
  const secondsPerInvocation = recordsPerInvocation / costs.recordsPerSecond;
  const busy = rate / costs.recordsPerSecond;
  const receiving = messages / LIMITS.messagesPerPoller;
  const concurrency = Math.max(2, Math.ceil(Math.max(busy * HEADROOM, receiving)));
  const writeUnits = rate * costs.writeUnits;
  const inFlightWhenFailing = failingMessages(
    service,
    messages,
    (concurrency * batch) / secondsPerInvocation,
  );
  const invocations = messages / batch;
  const summaries = traffic.isSingle ? invocations : messages;
  const hot = hotPartitionUnits(traffic, service, costs, { messages, invocations });
  const demands: Demand[] = [
    { name: 'messages', value: messages, unit: 'a second' },
    {
      name: 'concurrent executions',
      value: busy,
      unit: 'on average',
      limit: LIMITS.accountConcurrency,
      limitName: "the account's default",
    },
    {
      name: 'executions to allow',
      value: concurrency,
      unit: 'at most',
      limit: LIMITS.queueConcurrency,
      limitName: 'limit per queue',
    },
    {
      name: 'messages in flight',
      value: messages * secondsPerInvocation + concurrency * batch,
      unit: 'while healthy',
      limit: LIMITS.inFlightMessages,
      limitName: 'a standard queue',
    },
    {
      name: 'messages in flight',
      value: inFlightWhenFailing,
      unit: 'if every message fails',
      limit: LIMITS.inFlightMessages,
      limitName: 'a standard queue',
    },
    {
      name: 'table and index',
      value: writeUnits,
      unit: 'write units per second',
      limit: writeUnits > LIMITS.newTableWriteUnits ? LIMITS.tableWriteUnits : LIMITS.newTableWriteUnits,
      limitName: writeUnits > LIMITS.newTableWriteUnits ? 'default quota of a table' : 'a new table',
    },
    {
      name: `partition of the busiest address (one of ${service.addressShards})`,
      value: hot,
      unit: 'write units per second',
      limit: LIMITS.partitionWriteUnits,
      limitName: 'a partition',
    },
    {
      name: `partition of today's summaries (one of ${service.timeShards})`,
      value: summaries / service.timeShards,
      unit: 'write units per second',
      limit: LIMITS.partitionWriteUnits,
      limitName: 'a partition',
    },
    {
      name: 'reads of the settings',
      value: concurrency / SETTINGS_PERIOD_SECONDS,
      unit: 'a second',
      limit: LIMITS.parameterReads,
      limitName: "the account's default",
    },
    ...Object.entries(PROVIDER_QUOTAS).flatMap(([provider, { perDay, perMinute }]) => [
      {
        name: `look-ups at ${provider}`,
        value: traffic.newAddressesPerDay,
        unit: 'a day',
        limit: perDay,
        limitName: 'the free plan',
      },
      {
        name: `look-ups at ${provider}`,
        value: traffic.newAddressesPerDay / MINUTES_PER_DAY,
        unit: 'per minute on average',
        limit: perMinute,
        limitName: 'the free plan',
      },
    ]),
    {
      name: 'cost',
      value: (costs.usdPerMillion * rate * SECONDS_PER_MONTH) / 1e6,
      unit: 'US dollars per month',
    },
  ];
  return {
    demands,
    advice: adviceFor({
      traffic,
      service,
      costs,
      summaries,
      concurrency,
      writeUnits,
      hot,
      inFlightWhenFailing,
    }),
  };
}

/** Messages per invocation: limited by what a poller receives in a window, by the batch size, and by 6 MB. */
function messagesPerBatch(
  { batchSize, batchingWindowSeconds }: Service,
  { bytesPerMessage }: RecordCosts,
  messagesPerSecond: number,
): number {
  const gathered = (messagesPerSecond * batchingWindowSeconds) / LIMITS.pollers;
  return Math.max(1, Math.min(batchSize, LIMITS.batchBytes / bytesPerMessage, gathered));
}

/**
 * Messages in flight if every invocation fails at once: each is hidden for the visibility timeout after every delivery
 * until it goes to the dead-letter queue. Concurrency limits how many are delivered.
 */
function failingMessages(
  { visibilityTimeoutSeconds, maxReceiveCount }: Service,
  messagesPerSecond: number,
  mostPerSecond: number,
): number {
  return Math.min(messagesPerSecond * maxReceiveCount, mostPerSecond) * visibilityTimeoutSeconds;
}

/**
 * Write units per second of the busiest partition of the busiest address. Its messages are spread over the address's
 * partitions by hash; each adds an item that grows by one row a record. When packed, an address's records are adjacent,
 * so only as many messages touch it as its records fill, plus one in each window. Single messages of an invocation
 * share an item.
 */
function hotPartitionUnits(
  { rate, hotShare, isSingle }: Traffic,
  { addressShards }: Service,
  { rowWriteUnits, recordsPerMessage }: RecordCosts,
  { messages, invocations }: { readonly messages: number; readonly invocations: number },
): number {
  const records = rate * hotShare;
  const items = isSingle
    ? Math.min(records, invocations)
    : Math.min(messages, records / recordsPerMessage + rate / WINDOW.entries);
  // An item's last write unit is half full on average.
  return (records * rowWriteUnits + items * 0.5) / addressShards;
}

interface Findings {
  readonly traffic: Traffic;
  readonly service: Service;
  readonly costs: RecordCosts;
  /** Per second. */
  readonly summaries: number;
  readonly concurrency: number;
  readonly writeUnits: number;
  readonly hot: number;
  readonly inFlightWhenFailing: number;
}

function adviceFor({
  traffic,
  service,
  costs,
  summaries,
  concurrency,
  writeUnits,
  hot,
  inFlightWhenFailing,
}: Findings): string[] {
  const advice = [
    `set maximumConcurrency to ${grouped(Math.min(concurrency, LIMITS.accountConcurrency))} or more`,
  ];
  if (concurrency > LIMITS.concurrencyAddedPerMinute)
    advice.push(
      `expect ${Math.ceil(concurrency / LIMITS.concurrencyAddedPerMinute)} minutes until all of them run: Lambda adds ${LIMITS.concurrencyAddedPerMinute} a minute`,
    );
  if (concurrency > LIMITS.accountConcurrency)
    advice.push(
      `ask for ${grouped(concurrency)} concurrent executions in the account, and spread the load over several queues and functions beyond ${grouped(LIMITS.queueConcurrency)}`,
    );
  if (writeUnits > LIMITS.newTableWriteUnits)
    advice.push(
      `warm the table up to ${grouped(roundUp(writeUnits * HEADROOM, 1_000))} write units per second before going live: a new table starts at ${grouped(LIMITS.newTableWriteUnits)}`,
    );
  if (writeUnits * HEADROOM > LIMITS.tableWriteUnits)
    advice.push(
      `ask for a table quota of ${grouped(roundUp(writeUnits * HEADROOM, 10_000))} write units per second`,
    );
  if (hot > LIMITS.partitionWriteUnits)
    advice.push(
      `spread an address over ${Math.ceil((hot * service.addressShards) / LIMITS.partitionWriteUnits)} partitions or more (ADDRESS_SHARDS), or pack: its busiest partition is over the limit`,
    );
  if (summaries > LIMITS.partitionWriteUnits * service.timeShards)
    advice.push(
      `spread a day's summaries over ${Math.ceil(summaries / LIMITS.partitionWriteUnits)} partitions or more (TIME_SHARDS), or pack: each partition gets too many of them`,
    );
  if (inFlightWhenFailing > LIMITS.inFlightMessages)
    advice.push(
      'during a lasting failure, the queue stops handing out messages at 120,000 in flight; they wait, and none is ' +
        'lost',
    );
  if (concurrency / SETTINGS_PERIOD_SECONDS > LIMITS.parameterReads)
    advice.push('raise SETTINGS_MAX_AGE_SECONDS, or turn on higher throughput of Parameter Store');
  if (traffic.isSingle)
    advice.push(
      `send ten messages per request, as these figures assume: one request each adds ${(costs.usdOneByOne ?? 0).toFixed(2)} US dollars per million records`,
      'pack records into messages of 190 kB if you can: they cost a fifth',
    );
  const plans = Object.values(PROVIDER_QUOTAS).map(({ perDay }) => perDay);
  if (traffic.newAddressesPerDay > Math.min(...plans)) {
    const share = (Math.min(...plans) / traffic.newAddressesPerDay) * 100;
    advice.push(
      `look-ups cover ${share.toPrecision(2)} % of a day's new addresses with the smallest quota: send threat intelligence with the records, load lists, or buy a larger plan`,
    );
  }
  return advice;
}

/** Default number of distinct addresses a day: those among records packed together, counted once a day. */
export function addressesPerDay(rate: number, addressShare: number): number {
  return Math.min(rate * addressShare * SECONDS_PER_DAY, PUBLIC_ADDRESSES_SEEN);
}

/** No sensor sees more addresses a day than the internet has active, some hundred million. */
const PUBLIC_ADDRESSES_SEEN = 1e8;

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
