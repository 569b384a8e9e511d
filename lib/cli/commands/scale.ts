import { Command, InvalidArgumentError } from 'commander';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { scaleJson, scaleLines } from '../output/scale-lines.ts';
import { writeLines } from '../output/write-lines.ts';
import { scaleOf, type TrafficOptions, trafficOf } from '../use/scale/scale-of.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus scale --rate 10000
  $ threat-consensus scale --rate 100000 --addresses 10 --hot 30
  $ threat-consensus scale --rate 1000 --single --json
`;

/** Estimates what a deployment needs for a rate of records. */
export function scaleCommand(): Command {
  return new Command('scale')
    .summary('compute what a deployment needs for a rate of records, and what to set')
    .description(
      'Computes concurrency, messages in flight, write units, partition heat, settings reads and look-ups for a rate of ' +
        'records, next to the limits of AWS, from the measured cost of a record. Calls no service.',
    )
    .requiredOption('--rate <records>', 'records per second', positive)
    .option(
      '--addresses <percent>',
      'distinct remote addresses as a percentage of records that are packed together',
      percent,
      8,
    )
    .option('--hot <percent>', 'share of the traffic of the busiest address', percent, 20)
    .option('--single', 'each record in its own message')
    .option(
      '--new-addresses <n>',
      'addresses to look up per day (default: from the rate and --addresses)',
      positive,
    )
    .addOption(jsonOption())
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

async function scale(options: TrafficOptions & JsonOptions): Promise<void> {
  const traffic = trafficOf(options);
  const estimate = await scaleOf(traffic);
  await writeLines(
    options.json ? [JSON.stringify(scaleJson(traffic, estimate))] : scaleLines(traffic, estimate),
  );
}
