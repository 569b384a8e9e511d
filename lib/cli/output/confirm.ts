import { createInterface } from 'node:readline/promises';
import { CliError, InterruptedError } from '../cli-error.ts';

/**
 * Asks a question on standard error and waits for the answer.
 *
 * @returns whether the answer was yes; end of input counts as no
 * @throws {CliError} if there is no terminal
 * @throws {InterruptedError}
 */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new CliError(`${question} No terminal to confirm on: use --yes`, 2);
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
