import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { counted } from '../../../../statistics/count-text.ts';
import type { Finding } from '../../../results/doctor.ts';
import type { AwsClients } from '../aws-clients.ts';
import type { Check } from '../check.ts';
import { pass, warn } from '../findings.ts';
import type { Part } from '../subject.ts';

interface QueueDepth {
  readonly waiting: number;
  readonly inFlight: number;
}

export async function queueDepth({ sqs }: AwsClients, QueueUrl: string): Promise<QueueDepth> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}

export const workQueueCheck: Check = {
  name: 'work queue',
  parts: ['queueUrl'],
  actions: ['sqs:GetQueueAttributes'],
  run: async ({ clients, nameOf }) => {
    const { waiting, inFlight } = await queueDepth(clients, nameOf('queueUrl'));
    return pass(`${counted(waiting, 'message')} waiting, ${inFlight} in progress`);
  },
};

export const ingestQueueCheck: Check = {
  name: 'ingest queue',
  parts: ['ingestQueueUrl'],
  actions: ['sqs:GetQueueAttributes'],
  run: async ({ clients, nameOf }) => {
    const { waiting, inFlight } = await queueDepth(clients, nameOf('ingestQueueUrl'));
    return pass(`${counted(waiting, 'log file')} waiting, ${inFlight} being read`);
  },
};

export const unreadLogFilesCheck = endQueueCheck(
  'unread log files',
  'ingestDeadLetterQueueUrl',
  'ingest',
  'retry',
);
export const rejectedQueueCheck = endQueueCheck('rejected queue', 'rejectedQueueUrl', 'rejected', 'redrive');
export const deadLetterQueueCheck = endQueueCheck(
  'dead-letter queue',
  'deadLetterQueueUrl',
  'dlq',
  'redrive',
);
export const rollbackFailuresCheck = endQueueCheck(
  'rollback failures',
  'rollbackFailuresQueueUrl',
  'rollback-failures',
  'purge',
);

type Ending = 'redrive' | 'purge' | 'retry';

/**
 * @param command lists the queue's contents
 * @param ending its subcommand that empties the queue
 */
function endQueueCheck(name: string, part: Part, command: string, ending: Ending): Check {
  return {
    name,
    parts: [part],
    actions: ['sqs:GetQueueAttributes'],
    run: async ({ clients, nameOf }) =>
      judgeEndQueue((await queueDepth(clients, nameOf(part))).waiting, command, ending),
  };
}

export function judgeEndQueue(waiting: number, command: string, ending: Ending): Finding {
  if (waiting === 0) return pass('empty');
  return warn(
    `${counted(waiting, 'message')} waiting`,
    `threat-consensus ${command} list shows why; after a fix, ${command} ${ending}`,
  );
}
