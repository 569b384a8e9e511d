import { type CommandDescription, withSubcommands } from '../../lib/cli/results/command-description.ts';

/** Pages that say more about what a command is for, from the folder `docs`. */
const FURTHER_READING: Readonly<Record<string, readonly string[]>> = {
  allow: ['[Allowlist](allowlist.md)'],
  assessments: ['[For analysts](analyst.md#what-is-known-about-it)'],
  attention: ['[For analysts](analyst.md)'],
  compare: ['[Readiness report](cutover.md#readiness-report)'],
  cutover: ['[Cutover](cutover.md)', '[Settings](settings.md)'],
  doctor: ['[After a deployment](deploy.md#after-a-deployment-doctor)'],
  export: ['[Export](storage.md#export)'],
  forget: ['[Erasing an address](storage.md#erasing-an-address)'],
  hosts: ['[For analysts](analyst.md#which-of-our-hosts)'],
  ingest: ['[Log files in S3](s3.md)'],
  intel: ['[Threat intelligence](intelligence.md)'],
  keys: ['[Threat intelligence](intelligence.md)'],
  label: ['[For analysts](analyst.md#what-did-it-turn-out-to-be)'],
  labels: ['[For analysts](analyst.md#what-did-it-turn-out-to-be)'],
  push: ['[Producers](producers.md)', '[Sensor logs](sensor-logs.md)'],
  put: ['[Log files in S3](s3.md)'],
  report: ['[Report](report.md)'],
  run: ['[Sensor logs](sensor-logs.md)'],
  scale: ['[Scale](performance.md#scale)'],
  score: ['[Scoring](scoring.md)'],
  watch: ['[Announcements](announcements.md)'],
};

const GENERATED = '<!-- Generated from the program by `npm run docs:commands`. -->';

/** A page of the documentation. */
export interface Page {
  /** From the folder `docs`: `commands/run.md`. */
  readonly path: string;
  readonly text: string;
}

/** Writes the pages that describe the program's commands, one each; subcommands are on the page of their command. */
export function commandPages({ commands }: CommandDescription): Page[] {
  return commands.map((command) => ({
    path: `commands/${command.path}.md`,
    text: `${blocksOf(command).join('\n\n')}\n`,
  }));
}

/** Writes the table of all commands, for the page that leads to theirs. */
export function commandTable({ commands }: CommandDescription): string {
  const rows = commands.map(({ path, summary, commands: inner }) => {
    const names = inner.map((each) => `\`${lastWord(each)}\``).join(', ');
    const further = (FURTHER_READING[path] ?? []).join(', ');
    return `| [${path}](commands/${path}.md) | ${cell(summary)}${names && `: ${names}`} | ${further} |`;
  });
  return ['| command | | read more |', '|---|---|---|', ...rows].join('\n');
}

/** Puts a table of commands into the place that a page has for it. */
export function withCommandTable(page: string, table: string): string {
  return page.replace(
    /(<!-- commands -->)[\s\S]*(<!-- end of commands -->)/,
    (_, before: string, after: string) => `${before}\n\n${table}\n\n${after}`,
  );
}

function blocksOf(command: CommandDescription): string[] {
  const [itself, ...inner] = withSubcommands(command);
  const further = (FURTHER_READING[command.path] ?? []).map((link) => link.replace('](', '](../'));
  return [
    GENERATED,
    `# ${command.path}`,
    ...(itself === undefined ? [] : commandBlocks(itself)),
    [...further.map((link) => `More: ${link}.`), 'All commands: [Commands](../commands.md).'].join(' '),
    ...inner.flatMap((each) => [`## ${each.path}`, ...commandBlocks(each)]),
  ];
}

function commandBlocks(command: CommandDescription): string[] {
  const { usage, description, arguments: expected, options, furtherHelp, commands } = command;
  return [
    prose(description),
    codeBlock(usage),
    ...tableOf(
      'argument',
      expected.map(({ name, description: text }) => [`\`${name}\``, text]),
    ),
    // Those of a group are its subcommands'.
    ...(commands.length > 0
      ? []
      : tableOf(
          'option',
          options.map(({ flags, description: text }) => [`\`${flags}\``, text]),
        )),
    ...furtherBlocks(furtherHelp),
  ];
}

function tableOf(kind: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  return [
    [`| ${kind} | |`, '|---|---|', ...rows.map(([name, text]) => `| ${cell(name)} | ${cell(text)} |`)].join(
      '\n',
    ),
  ];
}

/** Examples become code that can be typed, with what is said beside them as comments; all else is prose. */
function furtherBlocks(text: string): string[] {
  return text.split(/\n{2,}/).flatMap((block) => {
    if (block === '') return [];
    const lines = block.split('\n');
    if (!/^Examples?:$/.test(lines[0] ?? '')) return [prose(lines.join('\n'))];
    return [
      codeBlock(
        lines
          .slice(1)
          .map((line) => line.replace(/^ +(?:\$ )?/, '').replace(/ {3,}(?=\S)/, '  # '))
          .join('\n'),
      ),
    ];
  });
}

function codeBlock(text: string): string {
  return `\`\`\`sh\n${text}\n\`\`\``;
}

/** Text of a help page, in which angle brackets and stars mean themselves. */
function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : escaped(part)))
    .join('');
}

function cell(text: string): string {
  return prose(text).replaceAll('|', '\\|');
}

function escaped(text: string): string {
  return text.replaceAll(/[<>*]/g, (character) => `\\${character}`);
}

function lastWord({ path }: CommandDescription): string {
  return path.split(' ').at(-1) ?? '';
}
