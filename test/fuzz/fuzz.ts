import { parseArgs } from 'node:util';
import { seededRandom } from '../bench/random.ts';
import { accountFor } from './account.ts';
import { FUZZED } from './formats.ts';

/** Entries that are made from one seed. */
const ENTRIES = 10_000;

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    format: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(
    `npm run fuzz -- [--lines N] [--seed N] [--from ROUND] [--format NAME]

  --lines   entries of each format (default: 1000000), ${ENTRIES} from a seed
  --seed    the first seed (default: 1); each round takes the next one
  --from    the round to go on from (default: 0)
  --format  one of ${Object.keys(FUZZED).join(', ')} (default: all)
`,
  );
  process.exit(0);
}

const first = Number(values.seed);
const rounds = Math.ceil(Number(values.lines) / ENTRIES);
const names = Object.keys(FUZZED).filter((name) => values.format === undefined || name === values.format);

/** Fuzzes every format: `npm run fuzz -- --lines 1000000 --seed 1`; `--from ROUND` goes on, `--format NAME` takes one. */
for (const name of names) {
  const total = { read: 0, sent: 0, skipped: 0, invalid: 0 };
  for (let round = Number(values.from); round < rounds; round++) {
    const seed = first + round;
    try {
      const input = FUZZED[name]?.(seededRandom(seed), ENTRIES);
      if (input === undefined) continue;
      const account = await accountFor(input);
      for (const key of ['read', 'sent', 'skipped', 'invalid'] as const) total[key] += account[key];
    } catch (error) {
      process.stderr.write(
        `${name}, seed ${seed}, round ${round}: ${String(error)}\nagain: npm run fuzz -- --format ${name} --seed ${seed} --lines ${ENTRIES}\n`,
      );
      process.exit(1);
    }
  }
  const { read, sent, skipped, invalid } = total;
  process.stdout.write(
    `${name.padEnd(14)} seeds ${first + Number(values.from)}-${first + rounds - 1}: ${read} read = ${sent} sent + ${skipped} skipped + ${invalid} invalid\n`,
  );
}
