import { Command } from 'commander';
import { choiceArgument } from '../options/choice-argument.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { labelJson, labelLines } from '../output/label-lines.ts';
import { writeLines } from '../output/write-lines.ts';
import { type AddLabelOptions, addLabel } from '../use/labels/add-label.ts';
import type { LabelEffect } from '../use/labels/apply-label.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus label 198.51.100.7 benign
  $ threat-consensus label 203.0.113.201/fiGCaZRSzH4sTAYKtvKdMj/8443/tcp/outbound/R-OueI0y malicious --incident
`;

/** Records a human's judgement of an address or an assessment. */
export function labelCommand(): Command {
  const command = new Command('label')
    .summary('record what an address or an assessed endpoint turned out to be')
    .description(
      'Stores ground truth with the current votes; a later label replaces it. An address that is labelled benign ' +
        'leaves `attention` until its score gets worse by 0.1, and if it was announced, an announcement reports that it was ' +
        'cleared. Labelling a single assessment does the same if nothing else was found about the address.',
    )
    .argument('<subject>', 'an address, or the id of an assessment as `assessments` prints it')
    .addArgument(choiceArgument('<truth>', 'what it turned out to be', ['malicious', 'benign']))
    .option('--incident', 'an incident was detected')
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(label);
  return withTarget(command, 'table');
}

const EFFECTS: Readonly<Record<LabelEffect, string | undefined>> = {
  cleared: 'it was announced: an announcement will report that it was cleared',
  withdrawn: 'a label had cleared it: new findings about it will be announced again',
  none: undefined,
};

async function label(subject: string, truth: string, options: AddLabelOptions & JsonOptions): Promise<void> {
  const { label: stored, effect } = await addLabel(subject, truth, options);
  await writeLines(options.json ? [labelJson(stored)] : labelLines(stored));
  const note = EFFECTS[effect];
  if (note !== undefined) process.stderr.write(`${note}\n`);
}
