import { Command } from 'commander';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption } from '../options/time-range.ts';
import { hostJson, hostLines } from '../output/host-lines.ts';
import { writeLines } from '../output/write-lines.ts';
import { insideHosts } from '../use/attention/inside-hosts.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';
import { until } from '../use/time-range.ts';

interface HostsOptions extends TargetOptions, JsonOptions {
  readonly since: number;
  readonly limit: number;
}

const EXAMPLES = `
Examples:
  $ threat-consensus hosts
  $ threat-consensus hosts --since 7d --limit 50 --json
`;

/** Shows which of the site's own hosts need a look. */
export function hostsCommand(): Command {
  const command = new Command('hosts')
    .summary('show your own hosts that need a look, worst first')
    .description(
      'Shows your own hosts that call something malicious, then those that try many targets without an answer, then those ' +
        'that something malicious reached. Outside addresses that got no answer, allowed addresses and those settled by a ' +
        'label do not count.',
    )
    .addOption(sinceOption('addresses that are new or got worse since then', '24h'))
    .addOption(limitOption(20))
    .addOption(jsonOption('print one JSON object per line'))
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(command, 'table');
}

async function show({ since, limit, json, ...target }: HostsOptions): Promise<void> {
  const hosts = await insideHosts(await openTable(target), until(Date.now(), since), limit);
  await writeLines(json ? hosts.map(hostJson) : hosts.flatMap(hostLines));
  if (hosts.length === 0) {
    process.stderr.write(`no host of your own needs a look since ${new Date(since).toISOString()}\n`);
  }
}
