import { createInterface } from 'node:readline/promises';
import { CliError, InterruptedError } from '../cli-error.ts';

/**
 * Asks a question on standard error and waits for the answer.
 *
 * @returns whether it was yes; the end of the input is a no
 * @throws {CliError} if nobody is there to answer
 * @throws {InterruptedError}
 */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new CliError(`${question} There is no terminal to confirm it on: give --yes`, 2);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const { promise: unanswered, resolve, reject } = Promise.withResolvers<string>();
  terminal.once('SIGINT', () => reject(new InterruptedError()));
  terminal.once('close', () => resolve(''));
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), unanswered]);
    if (answer === '') process.stderr.write('\n');
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
