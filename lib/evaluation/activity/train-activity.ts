import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { ENGINE_VERSION } from '../../consensus/engine-version.ts';
import { beginOutputFile } from '../../files/output-file.ts';
import { createLocality } from '../../records/locality.ts';
import { formatModel } from '../format-model.ts';
import { runCommand, UsageError } from '../run-command.ts';
import { activeAddresses } from './active-address.ts';
import { fitActivityModel } from './fit-activity-model.ts';
import { readLabelledLog } from './labelled-log.ts';

const USAGE = `usage: npm run train:activity -- LOG... [--date YYYY-MM-DD] -o MODEL.json

Fits what the learned scorer makes of activity on sensor logs with a column "label", and writes it with its provenance.
The same logs and date give the same bytes. The date defaults to today's.`;

await runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
      output: { type: 'string', short: 'o' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const { date, output } = values;
  if (output === undefined) throw new UsageError('no output file given');
  if (positionals.length === 0) throw new UsageError('no log given');
  const file = beginOutputFile(output, { what: 'the model' });
  try {
    const logs = await Promise.all(positionals.map(readLabelledLog));
    const isLocal = createLocality([]);
    const addresses = logs.map((log) => activeAddresses(log.connections, isLocal));
    const weights = fitActivityModel(addresses.flat());
    const provenance = {
      fitted_on: date,
      engine: ENGINE_VERSION,
      reproduce: `npm run train:activity -- ${logs.map(({ name }) => name).join(' ')} --date ${date} -o ${basename(output)}`,
      labels: 'Sensor logs labelled by who ran the attack or the benign program; prevalence is made.',
      logs: logs.map(({ name, sha256, connections }, i) => ({
        file: name,
        sha256,
        connections: connections.length,
        addresses: addresses[i]?.length ?? 0,
        malicious: addresses[i]?.filter(({ isMalicious }) => isMalicious).length ?? 0,
      })),
    };
    file.write(formatModel({ weights, provenance }));
    file.finish();
  } finally {
    file.discard();
  }
});
