import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { crossValidate } from './evaluate-scorers.ts';
import { EvaluationError } from './evaluation-error.ts';
import { fitMlModel } from './fit-ml-model.ts';
import { fitStatisticalModel } from './fit-statistical-model.ts';
import { type LabelledInput, type LabelledSet, readLabelledSet } from './labelled-set.ts';
import { describeProvenance } from './provenance.ts';
import { runCommand, UsageError } from './run-command.ts';

const USAGE = `usage: node lib/evaluation/train.ts SET.csv.gz... [--scorer ml_based|statistical] [--date YYYY-MM-DD] -o MODEL.json

Fits a scorer's model on labelled sets and writes it with its provenance. The same sets and date give the same bytes.
The date defaults to today's.`;

const FITS = { ml_based: fitMlModel, statistical: fitStatisticalModel } as const;
type FittedScorer = keyof typeof FITS;

const FOLD_COUNT = 5;

await runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scorer: { type: 'string', default: 'ml_based' },
      date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
      output: { type: 'string', short: 'o' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const { scorer, date, output } = values;
  if (!isFittedScorer(scorer)) throw new UsageError(`--scorer is none of ${Object.keys(FITS).join(', ')}`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new UsageError('--date is not of the form YYYY-MM-DD');
  if (output === undefined) throw new UsageError('no output file given');
  if (positionals.length === 0) throw new UsageError('no set given');
  await train(scorer, date, output, await Promise.all(positionals.map(readLabelledSet)));
});

async function train(
  scorer: FittedScorer,
  date: string,
  output: string,
  sets: readonly LabelledSet[],
): Promise<void> {
  const rows: ReadonlyArray<readonly LabelledInput[]> = sets.map((set) => set.rows);
  const provenance = describeProvenance({
    date,
    sets,
    command: `node lib/evaluation/train.ts ${sets.map(({ name }) => name).join(' ')} --scorer ${scorer} --date ${date} -o ${basename(output)}`,
    foldCount: FOLD_COUNT,
    validation: crossValidate(sets, FOLD_COUNT).map((evaluation) => ({
      set: evaluation.name,
      metrics: evaluation.metrics[scorer],
    })),
  });
  const model = { ...FITS[scorer](rows), provenance };
  try {
    await writeFile(output, `${JSON.stringify(model, undefined, 2)}\n`);
  } catch (cause) {
    throw new EvaluationError(`cannot write ${output}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

function isFittedScorer(name: string): name is FittedScorer {
  return Object.hasOwn(FITS, name);
}
