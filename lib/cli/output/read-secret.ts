import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { InterruptedError } from '../cli-error.ts';

/**
 * Reads a secret: from a prompt that does not echo it, or from all of standard input if that is not a terminal.
 *
 * @throws {InterruptedError} if the user cancels
 */
export async function readSecret(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return await text(process.stdin);
  process.stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await new Promise((resolve, reject) => {
      lines.once('SIGINT', () => reject(new InterruptedError()));
      lines.once('close', () => reject(new InterruptedError()));
      lines.question('').then(resolve, reject);
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
