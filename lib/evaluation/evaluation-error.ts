import { ReportedError } from '../errors/reported-error.ts';

/** What a user of the evaluation commands can put right: a missing file, a malformed set, a bad option. */
export class EvaluationError extends ReportedError {
  override readonly name = 'EvaluationError';
  readonly code = 'EVALUATION';
}
