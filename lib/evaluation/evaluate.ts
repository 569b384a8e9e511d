import { parseArgs } from 'node:util';
import { createConsensus } from '../consensus/consensus.ts';
import { crossValidate, evaluateSets } from './evaluate-scorers.ts';
import { formatEvaluation } from './format-evaluation.ts';
import { readLabelledSet } from './labelled-set.ts';
import { runCommand, UsageError } from './run-command.ts';

const USAGE = `usage: node lib/evaluation/evaluate.ts SET.csv.gz... [--folds N]

Measures the consensus, each scorer and a baseline on labelled sets. With --folds the fitted scorers are fitted anew on
the other folds of all sets given (grouped cross-validation); without it the committed models are measured.`;

await runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { folds: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  if (positionals.length === 0) throw new UsageError('no set given');
  const foldCount = values.folds === undefined ? undefined : Number(values.folds);
  if (foldCount !== undefined && !(Number.isInteger(foldCount) && foldCount >= 2)) {
    throw new UsageError('--folds is not a whole number of at least 2');
  }
  const sets = await Promise.all(positionals.map(readLabelledSet));
  const evaluations =
    foldCount === undefined ? evaluateSets(sets, createConsensus()) : crossValidate(sets, foldCount);
  process.stdout.write(formatEvaluation(evaluations));
});
