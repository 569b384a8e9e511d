import { parseArgs } from 'node:util';
import { createConsensus } from '../../consensus/consensus.ts';
import { writeText } from '../../files/standard-output.ts';
import { createLocality, parseNetworks } from '../../records/locality.ts';
import { runCommand, UsageError } from '../run-command.ts';
import { formatActivity } from './format-activity.ts';
import { readLabelledLog } from './labelled-log.ts';
import { measureActivity } from './measure-activity.ts';
import { UNIT_SCHEMES } from './units.ts';

const USAGE = `usage: npm run evaluate:activity -- LOG... [--home CIDR,...] [--json]

Measures the consensus without any intelligence on sensor logs with a column "label", pooled over the logs, for each way in
which connections come together, with 95 % intervals by resampling addresses.`;

await runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      home: { type: 'string', default: '' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  if (positionals.length === 0) throw new UsageError('no log given');
  const logs = await Promise.all(positionals.map(readLabelledLog));
  const isLocal = createLocality(parseNetworks(values.home));
  const consensus = createConsensus();
  const figures = UNIT_SCHEMES.map((scheme) => measureActivity(logs, scheme, consensus, isLocal));
  await writeText(values.json ? `${JSON.stringify(figures)}\n` : formatActivity(figures));
});
