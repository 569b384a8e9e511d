import { ServiceError, toServiceError } from '../../../aws/service-error.ts';
import { ReportedError } from '../../../errors/reported-error.ts';
import { InterruptedError } from '../../cli-error.ts';
import type { CheckResult, Finding } from '../../results/doctor.ts';
import type { Check, DoctorOptions, Examination } from './check.ts';
import { fail, skipped } from './findings.ts';
import { PARTS, type Subject } from './subject.ts';

/**
 * Runs one check. Any error becomes a finding, so that the next check still runs.
 *
 * @throws {InterruptedError}
 */
export async function runCheck(check: Check, examination: Examination): Promise<CheckResult> {
  const { name } = check;
  const { subject } = examination;
  const unrun = unrunFinding(check, subject, examination);
  if (unrun !== undefined) return { name, ...unrun };
  try {
    return { name, ...(await check.run(examination)) };
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return { name, ...findingOf(error, check, subject.operatorPolicy) };
  }
}

/**
 * Why a check is not run: `unasked` if not requested, `embedded` if it does not apply to the embedded stack, `unnamed`
 * if a name is missing; undefined if it runs.
 */
export function unrunFinding(
  { parts, isDeployedOnly, needsStacks, request }: Omit<Check, 'run'>,
  { kind, names }: Pick<Subject, 'kind' | 'names'>,
  options: DoctorOptions,
): Finding | undefined {
  if (request?.isMade(options) === false) return skipped('unasked', `give ${request.option}`);
  if (kind === 'embedded' && (isDeployedOnly || needsStacks)) return skipped('embedded');
  const unnamed = parts.filter((part) => names[part] === undefined).map((part) => PARTS[part]);
  const isUnnamed = unnamed.length > 0 || (kind !== 'environment' && needsStacks === true);
  if (!isUnnamed) return undefined;
  if (request === undefined) return skipped('unnamed');
  return fail(
    `it needs ${unnamed.map(({ output }) => output).join(', ')}`,
    `use --env, or set ${unnamed.map(({ variable }) => variable).join(', ')}`,
  );
}

/** Describes a failed call in one line. */
function findingOf(
  error: unknown,
  { name, actions }: Pick<Check, 'name' | 'actions'>,
  operatorPolicy: string | undefined,
): Finding {
  const translated = error instanceof ReportedError ? error : toServiceError(error, `check: ${name}`);
  if (!(translated instanceof ServiceError) || !isForbidden(translated)) {
    return fail(translated.message, translated.hint ?? 'see the message');
  }
  const action = /not authorized to perform:? (\w+:\w+)/i.exec(translated.message)?.[1];
  const policy = operatorPolicy ?? "of the Scoring stack's output OperatorPolicyArn";
  return fail(
    `not permitted: ${action ?? actions.join(', ')}`,
    `attach the policy ${policy} to your role or user`,
  );
}

/** Whether the caller is authenticated but lacks a permission. */
function isForbidden({ code, message }: ServiceError): boolean {
  return code === 'denied' && /AccessDenied|AuthorizationError|not authorized/i.test(message);
}
