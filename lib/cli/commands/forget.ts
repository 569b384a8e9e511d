import { Command } from 'commander';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption } from '../options/time-range.ts';
import { yesOption } from '../options/yes.ts';
import { confirm } from '../output/confirm.ts';
import { forgottenJson, forgottenLines } from '../output/forget-lines.ts';
import { writeLines } from '../output/write-lines.ts';
import { sumOf } from '../results/forgotten.ts';
import { addressOf } from '../use/assessments/assessments-of.ts';
import { type ForgetOptions, forgetAddress } from '../use/forget/forget-address.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus forget 203.0.113.201 --dry-run        what is stored of it
  $ threat-consensus forget 203.0.113.201 --yes
  $ threat-consensus forget 10.20.4.66 --since 30d         one of your own hosts

Not erased: messages that are still in a queue, backups and exports, log files in the bucket, lists, entries of the
allowlist, and counts, which name nobody. Call it again when the queues are empty.
`;

interface ForgetCommandOptions extends ForgetOptions, TargetOptions, JsonOptions {
  readonly dryRun?: true;
  readonly yes?: true;
}

/** Erases what is stored of an address. */
export function forgetCommand(): Command {
  const command = new Command('forget')
    .summary('erase what is stored of an address')
    .description(
      'Erases what is stored of an address: verdicts with their connections, findings, labels, announcements, ' +
        "providers' answers. Of a host of your own it erases the connections that name it, for which everything that " +
        'arrived since --since is read. It shows what it found and asks. If it is interrupted, call it again.',
    )
    .argument('<address>', 'an IP address: a remote one, or a host of your own')
    .option('--inside', 'a public address is a host of your own')
    .addOption(sinceOption('how far back to look for a host of your own', '400d'))
    .option('--dry-run', 'count, and erase nothing')
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(forget);
  return withTarget(command, 'table');
}

async function forget(text: string, options: ForgetCommandOptions): Promise<void> {
  const address = addressOf(text);
  const table = await openTable(options);
  const lines = options.json ? forgottenJson : forgottenLines;
  if (options.dryRun || !options.yes) {
    const found = await forgetAddress(table, address, options, true);
    if (options.dryRun || sumOf(found) === 0) return await writeLines([lines(found)].flat());
    process.stderr.write(`${forgottenLines(found).join('\n')}\n`);
    if (!(await confirm(`Erase all of it? It can't be undone.`))) {
      process.stderr.write('nothing was erased\n');
      return;
    }
  }
  await writeLines([lines(await forgetAddress(table, address, options, false))].flat());
}
