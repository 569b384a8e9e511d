/**
 * Tells on a terminal how an environment is moved to the consensus score, goes back by itself when a scorer breaks, and
 * forward again: the deployed definitions on the embedded stack, the real command line, and time that passes as fast as
 * its minutes are worked off.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styled } from '../../lib/cli/output/terminal.ts';
import { cutoverText } from '../../lib/cutover/plan-change.ts';
import { MODES } from '../../lib/cutover/settings.ts';
import { METRICS } from '../../lib/telemetry/metric-names.ts';
import type { CutoverStage, Scored } from '../fixtures/service/cutover-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'cutover-demo-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
process.env.TMPDIR = folder;

process.once('SIGINT', () => process.exit(130));
// A reader that has seen enough is no failure.
process.stdout.on('error', () => process.exit());

say('Starting queue, functions, table, settings and alarms on this machine ...');
// Loaded late, since it makes its files where TMPDIR says.
const { CutoverStage: Stage } = await import('../fixtures/service/cutover-stage.ts');
const stage = await Stage.start();
try {
  await tell(stage);
} finally {
  await stage.stop();
}

async function tell(demo: CutoverStage): Promise<void> {
  chapter('An operator moves the environment: first a shadow, then half of the addresses.');
  await command(demo, 'cutover', 'set', 'parallel', '--yes');
  await command(
    demo,
    'cutover',
    'set',
    'parallel',
    '--percent',
    '50',
    '--yes',
    '--reason',
    'no flips in a week',
  );
  for (let minute = 1; minute <= 5; minute++) await showFifth(demo, await demo.minute());

  chapter(
    'A scorer breaks: from now on `ml_based` throws. The other two keep voting, but no longer tolerate a fault.',
  );
  demo.breakScorer();
  await untilAlarmIs(demo, 'ALARM');
  say('Nobody has intervened. One minute later:');
  await show(demo, await demo.minute());
  await command(demo, 'cutover', 'history', '--limit', '1');

  chapter('Forward again? The alarm is still on, so the change would be rolled back.');
  await command(demo, 'cutover', 'set', 'parallel', '--percent', '50', '--yes');

  chapter(
    'Someone changes the parameter in the console, bypassing the command. The rollback checks every change.',
  );
  await demo.putSettings('{"mode":"consensus"}', 'typed into the console');
  await demo.stack.evaluateAlarms();
  await command(demo, 'cutover', 'history', '--limit', '2');

  chapter('The scorer is repaired. When the alarm is over, the same command works.');
  demo.mendScorer();
  await untilAlarmIs(demo, 'OK');
  await command(demo, 'cutover', 'set', 'parallel', '--percent', '50', '--yes');
  await show(demo, await demo.minute());

  chapter('What happened to all records?');
  await command(demo, 'stats', '--since', '1h');
  const { work, rejected, deadLetter } = await demo.stack.queueDepths();
  const left = work.visible + work.inFlight + rejected.visible + deadLetter.visible;
  say(`${demo.pushed.length} records were sent, and ${left} messages wait in any queue.`);
}

/** Lets time pass until the alarm has changed, and tells what topics were told. */
async function untilAlarmIs(demo: CutoverStage, state: string): Promise<void> {
  const before = demo.stack.notifications.length;
  const minutes = await demo.minutesUntil(state, (scored) => showFifth(demo, scored));
  say(`The rollback alarm is ${state} after ${minutes} minutes:`);
  for (const { subject, message } of demo.stack.notifications.slice(before)) {
    print(styled('yellow', `  mail: ${subject}`));
    // CloudWatch's own are for programs.
    if (!message.startsWith('{')) for (const line of message.split('\n')) print(`        ${line}`);
  }
  print('');
}

async function showFifth(demo: CutoverStage, scored: Scored): Promise<void> {
  if (/[05]$/.test(clockOf(demo))) await show(demo, scored);
}

/** A minute in a line: who scored, and what the alarm says. */
async function show(demo: CutoverStage, scored: Scored): Promise<void> {
  const counts = Object.entries(await demo.scoredBy(scored));
  const by = counts.map(([scorer, count]) => `${count} by ${scorer}`).sort();
  const mode = MODES[scored.metrics[METRICS.cutoverMode] ?? 0] ?? 'legacy';
  const settings = cutoverText({ mode, consensusPercent: scored.metrics[METRICS.consensusPercent] ?? 0 });
  const alarm = styled(demo.alarm === 'OK' ? 'green' : 'red', String(demo.alarm));
  print(
    `${clockOf(demo)}  ${scored.records.length} records scored: ${by.join(', ')}; settings: ${settings}; alarm: ${alarm}`,
  );
}

function clockOf({ nowMs }: CutoverStage): string {
  return new Date(nowMs).toISOString().slice(11, 16);
}

/** Runs a command as an operator would, and shows what it says. */
async function command(demo: CutoverStage, ...args: readonly string[]): Promise<void> {
  const quoted = args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg));
  print(styled('cyan', `$ npx threat-consensus ${quoted.join(' ')}`));
  const { end, stdout, stderr } = await demo.call(...args);
  process.stdout.write(`${stdout}${stderr}`);
  if (end !== 0) print(styled('dim', `(exit code ${end})`));
  print('');
}

function chapter(title: string): void {
  print(`\n${styled('bold', title)}\n`);
}

function say(text: string): void {
  print(text);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
