import { Command, Option } from 'commander';
import { ALLOW_DIRECTIONS, describeTarget } from '../../intelligence/allowlist/allow-entry.ts';
import { readAllowlist } from '../../store/allowlist-store.ts';
import { destinationPortOption } from '../options/destination-port.ts';
import { expiryOption } from '../options/expiry.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { yesOption } from '../options/yes.ts';
import { addedLines, entryJson, entryLines, whyLines } from '../output/allow-lines.ts';
import { confirm } from '../output/confirm.ts';
import { writeLines } from '../output/write-lines.ts';
import { type AddAllowOptions, addAllowEntry } from '../use/allow/add-entry.ts';
import { findAllowEntry, removeFoundEntry } from '../use/allow/remove-entry.ts';
import { whyAllowed } from '../use/allow/why-allowed.ts';
import { addressOf } from '../use/assessments/assessments-of.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus allow add 203.0.113.7 --reason "our vulnerability scanner" --expires 90d
  $ threat-consensus allow add 2001:db8:40::/48 --port 443 --direction outbound --reason "backup provider"
  $ threat-consensus allow list
  $ threat-consensus allow why 203.0.113.7
  $ threat-consensus allow remove 203.0.113.7
`;

/** Manages the addresses that need nobody's attention. */
export function allowCommand(): Command {
  return new Command('allow')
    .summary("addresses that need nobody's attention")
    .description(
      'The allowlist. Connections with an address on it are still scored and stored, but left out of `attention`, ' +
        'announcements, rates and look-ups.',
    )
    .addHelpText('after', EXAMPLES)
    .addCommand(withTarget(addSubcommand(), 'table'))
    .addCommand(withTarget(listSubcommand(), 'table'))
    .addCommand(withTarget(removeSubcommand(), 'table'))
    .addCommand(withTarget(whySubcommand(), 'table'));
}

function addSubcommand(): Command {
  return new Command('add')
    .summary('allow an address or a network')
    .description('Allows an address or a network. It takes effect within 36 seconds.')
    .argument('<network>', 'an IP address or a CIDR block')
    .requiredOption('--reason <text>', 'why it is harmless, for whoever asks later')
    .option('--owner <name>', 'who answers for it (default: your user name)')
    .addOption(destinationPortOption('only connections to this port'))
    .addOption(
      new Option('--direction <direction>', 'only connections in this direction').choices(ALLOW_DIRECTIONS),
    )
    .addOption(expiryOption())
    .option('--force', 'accept even a network of /8 or larger (IPv6: /19)')
    .addOption(jsonOption())
    .action(add);
}

function listSubcommand(): Command {
  return new Command('list')
    .summary('what is allowed, why, by whom and until when')
    .description('Lists the entries, including expired ones.')
    .addOption(jsonOption('print one JSON object per entry'))
    .action(list);
}

function removeSubcommand(): Command {
  return new Command('remove')
    .summary('remove an entry')
    .description('Removes an entry. Whatever it hid shows again within 36 seconds.')
    .argument('<entry>', 'its id or its network, as shown by `allow list`')
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(remove);
}

function whySubcommand(): Command {
  return new Command('why')
    .summary('which entries allow an address')
    .description('Shows which entries allow an address, who added them and why, and how the address scores.')
    .argument('<address>', 'an IP address')
    .addOption(jsonOption())
    .action(why);
}

async function add(text: string, options: AddAllowOptions & TargetOptions & JsonOptions): Promise<void> {
  const added = await addAllowEntry(await openTable(options), text, options, Date.now());
  const { entry, replaced, contradicting } = added;
  if (!options.json) return await writeLines(addedLines(added));
  const json = {
    ...entryJson(entry),
    replaced: replaced !== undefined,
    labelled_malicious: contradicting.map(({ address }) => address),
  };
  await writeLines([JSON.stringify(json)]);
}

async function list(options: TargetOptions & JsonOptions): Promise<void> {
  const entries = await readAllowlist(await openTable(options));
  const nowMs = Date.now();
  if (options.json) await writeLines(entries.map((entry) => JSON.stringify(entryJson(entry))));
  else await writeLines(entries.flatMap((entry) => entryLines(entry, nowMs)));
  if (entries.length === 0) process.stderr.write('nothing is allowed\n');
}

async function remove(
  text: string,
  options: TargetOptions & JsonOptions & { readonly yes?: true },
): Promise<void> {
  const table = await openTable(options);
  const entry = await findAllowEntry(table, text);
  const target = describeTarget(entry);
  if (!options.yes && !(await confirm(`Remove ${target} from the allowlist?`))) {
    process.stderr.write('nothing was removed\n');
    return;
  }
  await removeFoundEntry(table, entry);
  await writeLines([
    options.json
      ? JSON.stringify({ removed: entryJson(entry) })
      : `${target} is no longer allowed; takes effect within 36 seconds`,
  ]);
}

async function why(text: string, options: TargetOptions & JsonOptions): Promise<void> {
  const nowMs = Date.now();
  const found = await whyAllowed(await openTable(options), addressOf(text), nowMs);
  if (!options.json) return await writeLines(whyLines(found, nowMs));
  const { address, entries, expired, latest } = found;
  const json = {
    address,
    allowed: entries.length > 0,
    entries: entries.map(entryJson),
    expired: expired.map(entryJson),
    latest_score: latest?.assessment.threat_score,
  };
  await writeLines([JSON.stringify(json)]);
}
