import { ACCOUNT_ID, arnOf, REGION } from '../account.ts';
import { LocalStackError } from '../errors.ts';
import type { Resource, Template } from './template.ts';

/** A placeholder for a queue's URL, which is known only once the queue exists. */
export interface QueueUrl {
  readonly urlOfQueueNamed: string;
}

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT_ID,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
};

const ARNS: Readonly<Record<string, (name: string) => string>> = {
  'AWS::CloudWatch::Alarm': (name) => arnOf('cloudwatch', `alarm:${name}`),
  'AWS::CloudWatch::CompositeAlarm': (name) => arnOf('cloudwatch', `alarm:${name}`),
  'AWS::DynamoDB::Table': (name) => arnOf('dynamodb', `table/${name}`),
  'AWS::Events::ApiDestination': (name) => arnOf('events', `api-destination/${name}`),
  'AWS::Events::Connection': (name) => arnOf('events', `connection/${name}`),
  'AWS::Events::EventBus': (name) => arnOf('events', `event-bus/${name}`),
  'AWS::Events::Rule': (name) => arnOf('events', `rule/${name}`),
  'AWS::IAM::Role': (name) => `arn:aws:iam::${ACCOUNT_ID}:role/${name}`,
  'AWS::KMS::Key': (name) => arnOf('kms', `key/${name}`),
  'AWS::Lambda::Function': (name) => arnOf('lambda', `function:${name}`),
  'AWS::Logs::LogGroup': (name) => arnOf('logs', `log-group:${name}:*`),
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::SNS::Topic': (name) => arnOf('sns', name),
  'AWS::SQS::Queue': (name) => arnOf('sqs', name),
};

/** Argument of `Fn::GetStackOutput`. */
interface StackOutput {
  readonly StackName: string;
  readonly OutputName: string;
}

/** Resolves CloudFormation's intrinsic functions, as far as the templates use them on emulated resources. */
export class Resolver {
  readonly #template: Template;
  readonly #others: readonly Template[];

  /** @param others stacks whose outputs the template may read */
  constructor(template: Template, others: readonly Template[]) {
    this.#template = template;
    this.#others = others;
  }

  /**
   * Replaces each intrinsic function in a value by its local result.
   *
   * @throws {LocalStackError} `template_unreadable` if one is not known
   */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((element) => this.resolve(element));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [entry] = entries;
    if (entries.length === 1 && entry !== undefined && /^(?:Ref$|Fn::)/.test(entry[0]))
      return this.#call(...entry);
    return Object.fromEntries(entries.map(([key, element]) => [key, this.resolve(element)]));
  }

  #call(name: string, argument: unknown): unknown {
    if (name === 'Ref' && typeof argument === 'string') {
      return PSEUDO_PARAMETERS[argument] ?? this.#reference(argument);
    }
    if (name === 'Fn::GetAtt' && Array.isArray(argument)) {
      const [logicalId, attribute] = argument;
      if (attribute === 'Arn') return this.#arn(logicalId);
      if (attribute === 'QueueName')
        return physicalName(this.#template, logicalId, this.#resource(logicalId));
    }
    if (name === 'Fn::GetStackOutput') return this.#stackOutput(argument as StackOutput);
    if (name === 'Fn::Join' && Array.isArray(argument)) return this.#join(argument);
    throw this.#unreadable(`${name} ${JSON.stringify(argument)} is not known to the embedded stack`);
  }

  #reference(logicalId: string): string | QueueUrl {
    const resource = this.#resource(logicalId);
    const name = physicalName(this.#template, logicalId, resource);
    if (resource.Type === 'AWS::SQS::Queue') return { urlOfQueueNamed: name };
    return resource.Type === 'AWS::SNS::Topic' ? arnOf('sns', name) : name;
  }

  #arn(logicalId: string): string {
    const resource = this.#resource(logicalId);
    const name = physicalName(this.#template, logicalId, resource);
    const toArn = ARNS[resource.Type];
    if (toArn !== undefined) return toArn(name);
    throw this.#unreadable(`the ARN of ${logicalId}, a ${resource.Type}, is not known to the embedded stack`);
  }

  #stackOutput({ StackName, OutputName }: StackOutput): unknown {
    const template = this.#others.find(({ stackName }) => stackName === StackName);
    const output = template?.Outputs[OutputName];
    if (template === undefined || output === undefined)
      throw this.#unreadable(`no stack ${StackName} has an output ${OutputName}`);
    return new Resolver(template, this.#others).resolve(output.Value);
  }

  #join([separator, parts]: readonly unknown[]): string {
    const texts = this.resolve(parts);
    if (Array.isArray(texts) && texts.every((text) => typeof text === 'string'))
      return texts.join(String(separator));
    throw this.#unreadable(`Fn::Join of ${JSON.stringify(parts)} is no text`);
  }

  #resource(logicalId: string): Resource {
    const resource = this.#template.Resources[logicalId];
    if (resource === undefined) throw this.#unreadable(`there is no resource ${logicalId}`);
    return resource;
  }

  #unreadable(reason: string): LocalStackError {
    return new LocalStackError('template_unreadable', `${this.#template.stackName}: ${reason}`);
  }
}

/** A name in CloudFormation's form, without the random suffix; parameters and alarms have explicit names. */
export function physicalName(
  { stackName }: Template,
  logicalId: string,
  { Properties, Type }: Resource,
): string {
  const { Name, AlarmName } = Properties;
  const given = Name ?? AlarmName;
  if (typeof given === 'string') return given;
  const name = `${stackName}-${logicalId}`;
  return Type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
}
