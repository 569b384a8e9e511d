import type { Random } from '../../bench/random.ts';
import { type AwsServices, answerOf, errorAnswer, type WireAnswer, type WireRequest } from './service.ts';
import type { Fault } from './weather.ts';

/** Result of a disturbed request. */
export interface Disturbed {
  readonly end: WireAnswer | 'connection_lost' | 'silence';
  /** It will arrive after its client has given up. */
  readonly isLate?: boolean;
}

const DENIED = errorAnswer(400, 'com.amazon.coral.service#AccessDeniedException', 'not authorized');
const INTERNAL = errorAnswer(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError', 'internal');
const UNAVAILABLE: WireAnswer = { status: 503, body: '<html><body>503 Service Unavailable</body></html>' };
const TABLE_THROTTLES = errorAnswer(
  400,
  'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  'too much',
);
const QUEUE_THROTTLES = errorAnswer(400, 'com.amazonaws.sqs#RequestThrottled', 'too much');

/** Applies a fault to a request, including the part that still takes effect. */
export async function disturb(
  request: WireRequest,
  fault: Fault,
  services: AwsServices,
  random: Random,
): Promise<Disturbed> {
  switch (fault) {
    case 'throttled':
      return { end: request.isTable ? TABLE_THROTTLES : QUEUE_THROTTLES };
    case 'internal':
      return { end: INTERNAL };
    case 'unavailable':
      return { end: UNAVAILABLE };
    case 'denied':
      return { end: DENIED };
    case 'reset':
      return { end: 'connection_lost' };
    case 'lost':
      await services.apply(request);
      return { end: 'connection_lost' };
    case 'cut': {
      const { status, body } = await services.apply(request);
      return { end: { status, body: body.slice(0, body.length >> 1) } };
    }
    case 'hang':
      return { end: 'silence' };
    case 'hang_done':
      await services.apply(request);
      return { end: 'silence' };
    case 'late':
      return { end: 'silence', isLate: true };
    case 'unprocessed':
      return { end: await inPart(request, services, random, 'honest') };
    case 'partly_lost':
      await inPart(request, services, random, 'honest');
      return { end: 'connection_lost' };
    case 'false_failure':
      return { end: await inPart(request, services, random, 'false') };
  }
}

export function connectionLost(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

/** Executes part of a batch and reports the rest as unprocessed, possibly wrongly. */
async function inPart(
  request: WireRequest,
  services: AwsServices,
  random: Random,
  report: 'honest' | 'false',
): Promise<WireAnswer> {
  const batch = batchOf(request);
  if (batch === undefined) return await services.apply(request);
  const { entries, withEntries, leaving } = batch;
  const done = entries.filter(() => random() < 0.5);
  const left = entries.filter((entry) => !done.includes(entry));
  const applied = report === 'false' ? entries : done;
  if (applied.length === 0) return answerOf(leaving({}, left));
  const answer = await services.apply({ ...request, body: JSON.stringify(withEntries(applied)) });
  if (answer.status !== 200) return answer;
  return answerOf(leaving(JSON.parse(answer.body) as object, left));
}

interface Batch {
  readonly entries: readonly unknown[];
  withEntries(entries: readonly unknown[]): unknown;
  /** Builds the answer that leaves some entries unprocessed. */
  leaving(answer: object, left: readonly unknown[]): unknown;
}

function batchOf({ operation, body }: WireRequest): Batch | undefined {
  if (operation === 'BatchWriteItem') return tableBatch(body);
  if (operation === 'SendMessageBatch' || operation === 'DeleteMessageBatch') return queueBatch(body);
  return undefined;
}

function tableBatch(body: string): Batch | undefined {
  const request = JSON.parse(body) as { RequestItems: Record<string, unknown[]> };
  const [[table, entries] = ['', []]] = Object.entries(request.RequestItems);
  return {
    entries,
    withEntries: (some) => ({ ...request, RequestItems: { [table]: some } }),
    leaving: (answer, left) => ({ ...answer, UnprocessedItems: left.length > 0 ? { [table]: left } : {} }),
  };
}

function queueBatch(body: string): Batch {
  const request = JSON.parse(body) as { Entries: { Id: string }[] };
  return {
    entries: request.Entries,
    withEntries: (Entries) => ({ ...request, Entries }),
    leaving: (answer, left) => {
      const ids = (left as { Id: string }[]).map(({ Id }) => Id);
      const { Successful = [] } = answer as { Successful?: { Id: string }[] };
      return {
        Successful: Successful.filter(({ Id }) => !ids.includes(Id)),
        Failed: ids.map((Id) => ({ Id, SenderFault: false, Code: 'InternalError', Message: 'simulated' })),
      };
    },
  };
}
