import { Command, InvalidArgumentError } from 'commander';
import { ADDRESS_SHARDS, TIME_SHARDS } from '../../store/table-schema.ts';
import { CliError } from '../cli-error.ts';
import { styled } from '../output/terminal.ts';
import { writeLines } from '../output/write-lines.ts';
import { addressesPerDay, type Demand, estimateScale, type Scale } from './estimate-scale.ts';
import { recordCosts, type Service, type Traffic } from './traffic.ts';

interface ScaleOptions {
  readonly rate: number;
  readonly addresses: number;
  readonly hot: number;
  readonly single?: true;
  readonly newAddresses?: number;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  $ threat-consensus scale --rate 10000
  $ threat-consensus scale --rate 100000 --addresses 10 --hot 30
  $ threat-consensus scale --rate 1000 --single --json
`;

/** Says what a rate of records asks of a deployment. */
export function scaleCommand(): Command {
  return new Command('scale')
    .summary('compute what a rate of records asks of a deployment, and what to set')
    .description(
      'Computes concurrency, messages in flight, write units, partition heat, settings reads and look-ups for a rate of ' +
        'records, beside the limits of AWS, from what a record was measured to take. Asks no service.',
    )
    .requiredOption('--rate <records>', 'records a second', positive)
    .option(
      '--addresses <percent>',
      'distinct remote addresses among records that are packed together',
      percent,
      8,
    )
    .option('--hot <percent>', 'how much of the traffic the busiest address takes', percent, 20)
    .option('--single', 'each record in a message of its own')
    .option(
      '--new-addresses <n>',
      'addresses a day to be looked up (default: by rate and --addresses)',
      positive,
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(scale);
}

function positive(text: string): number {
  const value = Number(text);
  if (!/^\d+(?:\.\d+)?(?:e\d)?$/.test(text) || value <= 0 || value > 1e9)
    throw new InvalidArgumentError('expected a number above 0, at most 1e9.');
  return value;
}

function percent(text: string): number {
  const value = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || value <= 0 || value > 100)
    throw new InvalidArgumentError('expected a percentage above 0, at most 100.');
  return value;
}

async function scale(options: ScaleOptions): Promise<void> {
  const addressShare = options.addresses / 100;
  const traffic: Traffic = {
    rate: options.rate,
    addressShare,
    hotShare: options.hot / 100,
    isSingle: options.single === true,
    newAddressesPerDay: options.newAddresses ?? addressesPerDay(options.rate, addressShare),
  };
  const estimate = estimateScale(traffic, await deployedService(), recordCosts(traffic));
  await writeLines(
    options.json ? [JSON.stringify(scaleJson(traffic, estimate))] : scaleLines(traffic, estimate),
  );
}

/** As the templates have it, so that a changed batch size is heeded. */
async function deployedService(): Promise<Service> {
  const template = await import('../../local/template/deployed-service.ts');
  const { definition } = await template.deployedService();
  const { work } = definition.queues;
  if (work.redrive === undefined) throw new CliError('the work queue has no dead-letter queue');
  return {
    batchSize: definition.eventSource.batchSize,
    visibilityTimeoutSeconds: work.visibilityTimeoutSeconds,
    maxReceiveCount: work.redrive.maxReceiveCount,
    addressShards: ADDRESS_SHARDS,
    timeShards: TIME_SHARDS,
  };
}

function scaleJson(traffic: Traffic, { demands, advice }: Scale) {
  return {
    rate: traffic.rate,
    address_share: traffic.addressShare,
    hot_share: traffic.hotShare,
    single: traffic.isSingle,
    demands: demands.map(({ limitName, ...demand }) => ({
      ...demand,
      ...(limitName !== undefined && { limit_name: limitName }),
    })),
    advice,
  };
}

const NAME_WIDTH = 46;
const VALUE_WIDTH = 12;

function scaleLines({ rate, isSingle }: Traffic, { demands, advice }: Scale): string[] {
  const how = isSingle ? 'one a message' : 'packed';
  return [
    styled('bold', `${rounded(rate)} records a second, ${how}`),
    ...demands.map(demandLine),
    '',
    styled('bold', 'What to do'),
    ...advice.map((line) => `  ${line}`),
  ];
}

function demandLine({ name, value, unit, limit, limitName }: Demand): string {
  const text = `  ${name.padEnd(NAME_WIDTH)}${rounded(value).padStart(VALUE_WIDTH)} ${unit}`;
  if (limit === undefined) return text;
  const beside = `${text}, of ${rounded(limit)}: ${limitName}`;
  return value > limit ? styled('red', `${beside} (exceeded)`) : beside;
}

/** Three significant digits, all of them before the point. */
function rounded(value: number): string {
  return value.toLocaleString(
    'en-US',
    value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  );
}
