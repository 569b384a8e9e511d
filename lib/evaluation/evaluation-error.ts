import { ReportedError } from '../errors/reported-error.ts';

/** An error that the user of an evaluation command can fix: a missing file, a malformed set, a bad option. */
export class EvaluationError extends ReportedError {
  override readonly name = 'EvaluationError';
  readonly code = 'EVALUATION';
}
