import type { CheckResult } from '../../results/doctor.ts';
import type { Progress } from '../progress.ts';
import { AwsClients } from './aws-clients.ts';
import type { DoctorOptions, Examination } from './check.ts';
import { CHECKS } from './checks.ts';
import { runCheck } from './run-check.ts';
import { findSubject, type Part, type Subject } from './subject.ts';

/**
 * Runs the checks on a call's target, one after the other, whatever they find.
 *
 * @param env environment variables of the call
 * @param onSubject called with the target before the first result
 * @throws {CliError} if no target is named
 */
export async function* examine(
  env: string | undefined,
  options: DoctorOptions,
  progress: Progress,
  onSubject: (subject: Pick<Subject, 'kind' | 'environment'>) => void,
): AsyncGenerator<CheckResult> {
  const clients = new AwsClients();
  try {
    const subject = await findSubject(env, clients);
    onSubject(subject);
    const nameOf = (part: Part) => subject.names[part] ?? '';
    const examination: Examination = { ...options, subject, clients, progress, nameOf };
    for (const check of CHECKS) {
      progress.step(check.name);
      yield await runCheck(check, examination);
    }
  } finally {
    clients.destroy();
  }
}
