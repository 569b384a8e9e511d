import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_CONSENSUS_SETTINGS } from '../consensus/settings.ts';
import { beginOutputFile, type OutputFile } from '../files/output-file.ts';
import type { AssessedSet } from './assess-rows.ts';
import {
  FITTED_SCORERS,
  type FittedScorer,
  fitConsensus,
  validateByDay,
  validateByGroup,
} from './cross-validate.ts';
import { fitListWeights } from './fit-list-weights.ts';
import { fitMlModel } from './fit-ml-model.ts';
import { fitStatisticalModel } from './fit-statistical-model.ts';
import { formatModel } from './format-model.ts';
import { type LabelledInput, type LabelledSet, readLabelledSet } from './labelled-set.ts';
import { lookBackBy } from './look-back.ts';
import { measure } from './metrics.ts';
import { describeProvenance, type Validation } from './provenance.ts';
import { runCommand, UsageError } from './run-command.ts';

const USAGE = `usage: npm run train -- SET.csv.gz... [--scorer ml_based|statistical | --lists] [--date YYYY-MM-DD] -o FILE.json

Fits a scorer's model on labelled sets and writes it with its provenance: sets and their hashes, date, versions, and
figures validated on other networks, on other days, and with a gap in reporting. The same sets and date give the same
bytes. The date defaults to today's. With --lists, learns instead how far each list is to be believed, from rows whose
column listed_by names lists. docs/model-card.md says which columns a set has.`;

const FITS = { ml_based: fitMlModel, statistical: fitStatisticalModel } as const;

const FOLD_COUNT = 5;
const GAP_DAYS = 21;

await runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scorer: { type: 'string', default: 'ml_based' },
      lists: { type: 'boolean' },
      date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
      output: { type: 'string', short: 'o' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const { scorer, date, output, lists } = values;
  if (!isFittedScorer(scorer)) throw new UsageError(`--scorer is none of ${FITTED_SCORERS.join(', ')}`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new UsageError('--date is not of the form YYYY-MM-DD');
  if (output === undefined) throw new UsageError('no output file given');
  if (positionals.length === 0) throw new UsageError('no set given');
  // Created first: fitting takes long, and a file that can't be written is reported at once.
  const file = beginOutputFile(output, { what: lists ? 'the weights' : 'the model' });
  try {
    if (lists) {
      trainLists(date, basename(output), await Promise.all(positionals.map(readLabelledSet)), file);
      return;
    }
    train(scorer, date, basename(output), await Promise.all(positionals.map(readLabelledSet)), file);
  } finally {
    file.discard();
  }
});

function train(
  scorer: FittedScorer,
  date: string,
  outputName: string,
  sets: readonly LabelledSet[],
  file: OutputFile,
): void {
  const provenance = describeProvenance({
    date,
    sets,
    command: `npm run train -- ${sets.map(({ name }) => name).join(' ')} --scorer ${scorer} --date ${date} -o ${outputName}`,
    validations: validate(scorer, sets),
  });
  const model = { ...FITS[scorer](sets.map(({ rows }) => rows)), provenance };
  file.write(formatModel(model));
  file.finish();
}

function trainLists(date: string, outputName: string, sets: readonly LabelledSet[], file: OutputFile): void {
  const names = sets.map(({ name }) => name).join(' ');
  const command = `npm run train -- ${names} --lists --date ${date} -o ${outputName}`;
  const provenance = describeProvenance({ date, sets, command, validations: [] });
  file.write(formatModel({ ...fitListWeights(sets.map(({ rows }) => rows)), provenance }));
  file.finish();
}

function validate(scorer: FittedScorer, sets: readonly LabelledSet[]): Validation[] {
  const fit = (training: ReadonlyArray<readonly LabelledInput[]>) => fitConsensus(training, [scorer]);
  const gap = (rows: readonly LabelledInput[]) => lookBackBy(GAP_DAYS, rows);
  const schemes: ReadonlyArray<readonly [method: string, assessed: readonly AssessedSet[]]> = [
    [`${FOLD_COUNT} folds by network`, validateByGroup(sets, FOLD_COUNT, fit)],
    ['fitted on sets of other days', validateByDay(sets, fit)],
    [`${FOLD_COUNT} folds, asked ${GAP_DAYS} days earlier`, validateByGroup(sets, FOLD_COUNT, fit, gap)],
  ];
  return schemes.map(([method, assessed]) => ({
    method,
    sets: assessed.flatMap(({ name, rows }) => {
      const outcomes = rows.map(({ isMalicious, scores }) => ({ isMalicious, score: scores[scorer] }));
      const metrics = measure(outcomes, DEFAULT_CONSENSUS_SETTINGS.maliciousThreshold);
      return Number.isNaN(metrics.auc) ? [] : [{ set: name, metrics }];
    }),
  }));
}

function isFittedScorer(name: string): name is FittedScorer {
  return FITTED_SCORERS.some((scorer) => scorer === name);
}
