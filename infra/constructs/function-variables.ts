import { Tokenization } from 'aws-cdk-lib';
import { type Environment, EnvironmentError } from '../environment.ts';

/** Lambda's limit on all variables of a function. Source: AWS Lambda Developer Guide, "Lambda quotas". */
const MOST_BYTES = 4096;
/** Upper bound for a reference: no name, ARN or URL in our templates is longer. */
const REFERENCE = 'x'.repeat(256);

/**
 * Checks variables against Lambda's limit, which would otherwise abort a deployment halfway. Lambda measures them as
 * JSON.
 *
 * @returns the variables
 * @throws {EnvironmentError} one line with the largest variable
 */
export function checkedVariables(
  { name }: Environment,
  functionName: string,
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  const measured = Object.fromEntries(
    Object.entries(variables).map(([variable, value]) => [variable, atItsLongest(value)]),
  );
  const bytes = bytesOf(JSON.stringify(measured));
  if (bytes <= MOST_BYTES) return { ...variables };
  const [[largest, value] = ['', '']] = Object.entries(measured).sort(
    ([, one], [, other]) => bytesOf(other) - bytesOf(one),
  );
  throw new EnvironmentError(
    `environment "${name}": the variables of ${functionName} take ${bytes} bytes, and Lambda ` +
      `allows ${MOST_BYTES}; ${largest} alone takes ${bytesOf(value)}: give fewer or shorter entries`,
  );
}

function atItsLongest(value: string): string {
  const fragments = Tokenization.reverseString(value).mapTokens({ mapToken: () => REFERENCE });
  return String(fragments.join({ join: (left, right) => `${left ?? ''}${right ?? ''}` }) ?? '');
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
