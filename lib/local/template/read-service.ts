import { join } from 'node:path';
import { OUTPUTS } from '../../aws/stack-outputs.ts';
import { arnOf } from '../account.ts';
import {
  eventSourceDefinition,
  functionDefinition,
  parameterDefinition,
  queueDefinition,
  tableDefinition,
} from './definitions.ts';
import { type Emulated, type Resources, readResources, unreadable } from './resources.ts';
import type { QueueRole, ServiceDefinition } from './service-definition.ts';
import { readTemplates } from './template.ts';
import { watchDefinition } from './watch-definition.ts';

/** What is deployed, as far as the embedded stack runs it. */
export interface DeployedService {
  readonly definition: ServiceDefinition;
  /** The function's code: an ES module that exports `handler`. */
  readonly bundlePath: string;
}

/**
 * Reads from synthesized templates what the embedded stack is to create.
 *
 * @param folder the output of a synthesis
 * @throws {LocalStackError} `template_unreadable` for a resource type or property that the embedded stack does not know
 */
export function readService(folder: string): DeployedService {
  const resources = readResources(readTemplates(folder));
  const queueNames = namesOfQueues(resources);
  const roleOf = (isIt: (name: string) => boolean): QueueRole => {
    const found = Object.entries(queueNames).find(([, name]) => isIt(name));
    if (found === undefined) throw unreadable('a queue is used that no output names');
    return found[0] as QueueRole;
  };
  const roleOfArn = (arn: string) => roleOf((name) => arnOf('sqs', name) === arn);

  const eventSource = resources.only('AWS::Lambda::EventSourceMapping');
  const handler = resources.named('AWS::Lambda::Function', eventSource.properties.FunctionName);
  const toFunction = (found: Emulated<'AWS::Lambda::Function'>) =>
    functionDefinition(found, ({ urlOfQueueNamed }) => roleOf((name) => name === urlOfQueueNamed));
  const bundlePathOf = ({ assetPath }: Emulated<'AWS::Lambda::Function'>) =>
    join(folder, assetPath, 'index.mjs');
  return {
    definition: {
      queues: {
        work: queueDefinition(resources.named('AWS::SQS::Queue', queueNames.work), roleOfArn),
        rejected: queueDefinition(resources.named('AWS::SQS::Queue', queueNames.rejected), roleOfArn),
        deadLetter: queueDefinition(resources.named('AWS::SQS::Queue', queueNames.deadLetter), roleOfArn),
      },
      table: tableDefinition(resources.only('AWS::DynamoDB::Table')),
      function: toFunction(handler),
      eventSource: eventSourceDefinition(eventSource, roleOfArn),
      settingsParameter: nameOfSettings(resources),
      initialSettings: parameterDefinition(resources.only('AWS::SSM::Parameter')),
      watch: watchDefinition(resources, (found) => ({
        ...toFunction(found),
        bundlePath: bundlePathOf(found),
      })),
    },
    bundlePath: bundlePathOf(handler),
  };
}

function nameOfSettings(resources: Resources): string {
  const name = resources.output(OUTPUTS.settingsParameter);
  if (name !== undefined) return name;
  throw unreadable(`expected an output ${OUTPUTS.settingsParameter} with the name of a parameter`);
}

function namesOfQueues(resources: Resources): Record<QueueRole, string> {
  const nameOf = (output: string): string => {
    const name = resources.queueNameOutput(output);
    if (name === undefined) throw unreadable(`expected an output ${output} with the URL of a queue`);
    return name;
  };
  return {
    work: nameOf(OUTPUTS.workQueue),
    rejected: nameOf(OUTPUTS.rejectedQueue),
    deadLetter: nameOf(OUTPUTS.deadLetterQueue),
  };
}
