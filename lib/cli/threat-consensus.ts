#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { LocalStackError } from '../local/errors.ts';
import { StoreError } from '../store/store-error.ts';
import { CliError, InterruptedError } from './cli-error.ts';
import { printable } from './output/terminal.ts';
import { OutputClosedError } from './output/write-lines.ts';
import { runCommand } from './run/run-command.ts';

const program = new Command('threat-consensus')
  .description('Scores network connections by the consensus of three independent scorers.')
  .addCommand(runCommand())
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text) });
for (const command of program.commands) command.copyInheritedSettings(program);

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no failure.
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Tells the user in one line, and gives the exit code: 1 something failed, 2 called wrongly, 130 interrupted. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof InterruptedError) return 130;
  if (error instanceof OutputClosedError) return 0;
  if (error instanceof CliError) {
    process.stderr.write(`error: ${printable(error.message)}\n`);
    return error.exitCode;
  }
  if (error instanceof LocalStackError || error instanceof StoreError) {
    process.stderr.write(`error: ${printable(error.message)}\n`);
    return 1;
  }
  // A defect: only the developer's variable shows where it is.
  const detail = process.env.THREAT_CONSENSUS_DEBUG && error instanceof Error ? error.stack : String(error);
  process.stderr.write(`error: unexpected: ${detail}\n`);
  return 1;
}
