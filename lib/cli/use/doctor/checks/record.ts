import { randomInt, randomUUID } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { counted } from '../../../../statistics/count-text.ts';
import type { ReadAssessment } from '../../../../store/read-address-items.ts';
import { readAssessmentsOf } from '../../../../store/read-assessments.ts';
import type { TableAccess } from '../../../../store/table-access.ts';
import type { Finding } from '../../../results/doctor.ts';
import type { Check, Examination } from '../check.ts';
import { fail, pass, warn } from '../findings.ts';
import { waitFor } from '../wait-for.ts';
import { queueDepth } from './queues.ts';

/**
 * Sends a record about an address in TEST-NET-1 (RFC 5737), which belongs to nobody, and waits for its verdict. The
 * record is counted and expires like any other, and no provider is queried about it.
 */
export const recordCheck: Check = {
  name: 'record',
  parts: ['queueUrl', 'table'],
  actions: ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'dynamodb:Query', 'dynamodb:BatchGetItem'],
  run: async (examination) => {
    const { clients, nameOf, timeoutSeconds: seconds, progress } = examination;
    const record = testRecord(Date.now());
    const startedAt = performance.now();
    const MessageBody = JSON.stringify(record);
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: nameOf('queueUrl'), MessageBody }));
    const table: TableAccess = { client: clients.documents, tableName: nameOf('table') };
    const read = await waitFor(() => verdictOn(table, record), {
      seconds,
      label: 'waiting for a verdict',
      progress,
    });
    if (read !== undefined) return judgeVerdict(read, (performance.now() - startedAt) / 1_000);
    return await noVerdict(examination);
  },
};

interface TestRecord {
  readonly id: string;
  readonly timestamp: number;
  readonly dst_ip: string;
}

/** Every run sends a different record. */
function testRecord(nowMs: number): TestRecord {
  const record = {
    timestamp: nowMs / 1_000,
    id: `doctor-${randomUUID()}`,
    src_ip: '192.0.2.1',
    dst_ip: `192.0.2.${randomInt(2, 255)}`,
    dst_port: 443,
    protocol: 'tcp',
    local_orig: true,
    local_resp: false,
  };
  return record;
}

async function verdictOn(
  table: TableAccess,
  { dst_ip, id }: TestRecord,
): Promise<ReadAssessment | undefined> {
  for await (const read of readAssessmentsOf(table, dst_ip, Date.now())) {
    if (read.connections.some((connection) => connection.id === id)) return read;
  }
  return undefined;
}

/** @param seconds from sending to the verdict */
export function judgeVerdict(
  { address, assessment, settings }: Pick<ReadAssessment, 'address' | 'assessment' | 'settings'>,
  seconds: number,
): Finding {
  const { threat_score, scored_by, method, failures } = assessment;
  const verdict = `${address} scored ${threat_score.toFixed(3)} by ${scored_by} after ${seconds.toFixed(1)} s`;
  const look = "see the votes with `threat-consensus attention --failed`, and the function's log";
  const runsScorers = settings?.mode === 'consensus' || settings?.mode === 'parallel';
  if (method === 'failed' || scored_by === 'fallback' || (runsScorers && method !== 'median')) {
    return fail(`${verdict}: the scorers reached no consensus`, look);
  }
  const failed = Object.keys(failures ?? {});
  if (failed.length > 0) return warn(`${verdict}, without ${failed.join(', ')}`, look);
  return pass(verdict);
}

async function noVerdict({ clients, nameOf, timeoutSeconds }: Examination): Promise<Finding> {
  const { waiting, inFlight } = await queueDepth(clients, nameOf('queueUrl'));
  return fail(
    `no verdict within ${timeoutSeconds} s; on the work queue ${counted(waiting, 'message')} waiting, ${inFlight} in progress`,
    'messages waiting: see the event source above, or raise --timeout if the queue is busy; ' +
      'messages in progress: the function fails, see its log; neither: check `dlq list` and `rejected list`',
  );
}
