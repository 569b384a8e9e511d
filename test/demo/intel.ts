/**
 * Shows on a terminal what intelligence does: the sample, scored without any, with stand-ins for the providers under a
 * plan that does not run out, and with one list in addition.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Figures {
  readonly assessments: number;
  readonly without_evidence: number;
  readonly malicious: number;
  readonly high_uncertainty: number;
  readonly evidence: Readonly<Record<string, number>>;
}

const COMMAND = fileURLToPath(new URL('../../lib/cli/threat-consensus.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'intel-demo-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Addresses of the sample of which no source knows anything but this list. */
const LIST = join(folder, 'Botnet controllers.txt');
writeFileSync(LIST, '203.0.113.0/26\n2001:db8:0:42::/64\n');

const WAYS = {
  'no source': [],
  providers: ['--simulate-providers'],
  'providers, a list': ['--simulate-providers', '--blocklist', LIST],
};

const ran = Object.entries(WAYS).map(([name, options]) => ({ name, figures: run(options) }));
const rows: readonly (readonly [string, (figures: Figures) => number])[] = [
  ['assessments', ({ assessments }) => assessments],
  ['without evidence', (figures) => figures.without_evidence],
  ['malicious', ({ malicious }) => malicious],
  ['the scorers disagree', (figures) => figures.high_uncertainty],
  ['addresses known to VirusTotal', ({ evidence }) => evidence.virustotal ?? 0],
  ['addresses known to AbuseIPDB', ({ evidence }) => evidence.abuseipdb ?? 0],
  ['addresses on the list', ({ evidence }) => evidence['Botnet controllers.txt'] ?? 0],
];
const line = (first: string, cells: readonly string[]) =>
  `${first.padEnd(32)}${cells.map((cell) => cell.padStart(19)).join('')}\n`;
process.stdout.write(
  line(
    'the sample, with',
    ran.map(({ name }) => name),
  ),
);
for (const [name, figureOf] of rows) {
  process.stdout.write(
    line(
      `  ${name}`,
      ran.map(({ figures }) => String(figureOf(figures))),
    ),
  );
}
process.stdout.write(
  '\nThe providers are simulated on this machine, and so is the list: their answers are made up.\n',
);

function run(options: readonly string[]): Figures {
  process.stderr.write(`threat-consensus run ${options.map((option) => JSON.stringify(option)).join(' ')}\n`);
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const printed = execFileSync(process.execPath, [COMMAND, 'run', '--json', ...options], {
    stdio: [...stdio],
  });
  return JSON.parse(printed.toString()) as Figures;
}
