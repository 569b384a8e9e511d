import { join } from 'node:path';
import { OUTPUTS } from '../../aws/stack-outputs.ts';
import {
  bucketDefinition,
  eventSourceDefinition,
  functionDefinition,
  parameterDefinition,
  queueDefinition,
  tableDefinition,
} from './definitions.ts';
import { type Emulated, type Resources, readResources, unreadable } from './resources.ts';
import type { ConsumerDefinition, QueueRole, ServiceDefinition } from './service-definition.ts';
import { readTemplates } from './template.ts';
import { watchDefinition } from './watch-definition.ts';

/** The parts of a deployment that the embedded stack runs. */
export interface DeployedService {
  readonly definition: ServiceDefinition;
  /** The function's code: an ES module that exports `handler`. */
  readonly bundlePath: string;
}

/**
 * Reads from synthesized templates what the embedded stack has to create.
 *
 * @param folder the output of a synthesis
 * @throws {LocalStackError} `template_unreadable` for a resource type or property that the embedded stack does not know
 */
export function readService(folder: string): DeployedService {
  const resources = readResources(readTemplates(folder));
  const roles = namesOfQueues(resources);
  const queueNamed = (name: string) => queueDefinition(resources.named('AWS::SQS::Queue', name));
  const bundlePathOf = ({ assetPath }: Emulated<'AWS::Lambda::Function'>) =>
    join(folder, assetPath, 'index.mjs');
  const readers = resources.all('AWS::Lambda::EventSourceMapping').map((mapping): ConsumerDefinition => {
    const handler = resources.named('AWS::Lambda::Function', mapping.properties.FunctionName);
    const eventSource = eventSourceDefinition(mapping);
    resources.named('AWS::SQS::Queue', eventSource.queue);
    return { function: functionDefinition(handler), bundlePath: bundlePathOf(handler), eventSource };
  });
  const [scoring, ...others] = readers.filter(({ eventSource }) => eventSource.queue === roles.work);
  if (scoring === undefined || others.length > 0)
    throw unreadable('expected one function to read the work queue');
  const ofRoles = new Set(Object.values(roles));
  return {
    definition: {
      queues: {
        work: queueNamed(roles.work),
        rejected: queueNamed(roles.rejected),
        deadLetter: queueNamed(roles.deadLetter),
      },
      furtherQueues: resources
        .all('AWS::SQS::Queue')
        .filter(({ name }) => !ofRoles.has(name))
        .map(queueDefinition),
      table: tableDefinition(resources.only('AWS::DynamoDB::Table')),
      function: scoring.function,
      eventSource: scoring.eventSource,
      consumers: readers.filter((reader) => reader !== scoring),
      buckets: resources.all('AWS::S3::Bucket').map((bucket) => bucketDefinition(bucket)),
      settingsParameter: nameOfSettings(resources),
      initialSettings: parameterDefinition(resources.only('AWS::SSM::Parameter')),
      watch: watchDefinition(resources, (found) => ({
        ...functionDefinition(found),
        bundlePath: bundlePathOf(found),
      })),
    },
    bundlePath: scoring.bundlePath,
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
