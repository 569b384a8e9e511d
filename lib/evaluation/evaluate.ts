import { parseArgs } from 'node:util';
import { createConsensus } from '../consensus/consensus.ts';
import { beginOutputFile, type OutputFile } from '../files/output-file.ts';
import { OutputClosedError, writeText } from '../files/standard-output.ts';
import { type AssessedSet, assessSets } from './assess-rows.ts';
import { fitConsensus, validateByGroup } from './cross-validate.ts';
import { type SetEvaluation, summarize } from './evaluate-scorers.ts';
import { formatEvaluation } from './format-evaluation.ts';
import { toJson } from './format-json.ts';
import { listRows } from './format-rows.ts';
import { readLabelledSet } from './labelled-set.ts';
import { readListWeights, withListings } from './list-weights-file.ts';
import { runCommand, UsageError } from './run-command.ts';

const USAGE = `usage: npm run evaluate -- SET.csv.gz... [--json | --ndjson] [--html FILE] [--folds N]
       [--list-weights FILE]

Measures the consensus, each scorer and a baseline (mean of vendor ratio and abuse confidence) on labelled sets, with
95 % intervals by resampling networks. docs/model-card.md says which columns a set has.

  --json        all figures as one JSON object
  --ndjson      each row's votes and consensus, one JSON object a line, for figures of your own
  --html FILE   a page with ROC, precision-recall and reliability curves
  --folds N     fit the scorers anew on the other folds of all sets given (grouped cross-validation) instead of
                measuring the models that ship with the project
  --list-weights FILE
                score with the lists that the column listed_by names, by the weights that train --lists has learned`;

await runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      ndjson: { type: 'boolean' },
      html: { type: 'string' },
      folds: { type: 'string' },
      'list-weights': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  if (positionals.length === 0) throw new UsageError('no set given');
  if (values.json && values.ndjson) throw new UsageError('--json and --ndjson cannot share standard output');
  // Created first: measuring takes long, and a file that can't be written is reported at once.
  const page = values.html === undefined ? undefined : beginOutputFile(values.html, { what: 'the page' });
  try {
    const assessed = await assess(positionals, values.folds, values['list-weights']);
    if (values.ndjson) {
      for (const set of assessed) await print(listRows(set));
      if (page === undefined) return;
    }
    const evaluations = assessed.map(({ name, rows }) => summarize(name, rows));
    try {
      if (page !== undefined) await writePage(page, evaluations);
    } finally {
      if (!values.ndjson) await print(values.json ? toJson(evaluations) : formatEvaluation(evaluations));
    }
  } finally {
    page?.discard();
  }
});

async function assess(
  paths: readonly string[],
  folds: string | undefined,
  listWeights: string | undefined,
): Promise<AssessedSet[]> {
  const foldCount = folds === undefined ? undefined : Number(folds);
  if (foldCount !== undefined && !(Number.isInteger(foldCount) && foldCount >= 2)) {
    throw new UsageError('--folds is not a whole number of at least 2');
  }
  const weights = listWeights === undefined ? {} : await readListWeights(listWeights);
  const sets = (await Promise.all(paths.map(readLabelledSet))).map((set) => withListings(set, weights));
  return foldCount === undefined
    ? assessSets(sets, createConsensus())
    : validateByGroup(sets, foldCount, fitConsensus);
}

async function writePage(page: OutputFile, evaluations: readonly SetEvaluation[]): Promise<void> {
  // The charting library takes a third of a second to load, so it is imported only if a page is wanted.
  const { renderEvaluationPage } = await import('./evaluation-page.ts');
  page.write(renderEvaluationPage(evaluations));
  page.finish();
}

/** Prints; a reader that stops early (`| head`) doesn't keep the page from being written. */
async function print(text: string): Promise<void> {
  try {
    await writeText(text);
  } catch (error) {
    if (!(error instanceof OutputClosedError)) throw error;
  }
}
