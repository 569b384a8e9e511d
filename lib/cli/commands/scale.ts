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
