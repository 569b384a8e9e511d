import { type Command, Option } from 'commander';
import { MODES } from '../../cutover/settings.ts';
import { LOCAL_MODE } from '../use/local/chosen-settings.ts';
import { percentOption } from './percent.ts';

/** Adds the options that set whose score an embedded stack uses. */
export function withMode(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--mode <mode>',
        `whose score is used (default: from the state in --data, else ${LOCAL_MODE})`,
      ).choices(MODES),
    )
    .addOption(
      percentOption('with --mode parallel: the percentage of addresses that use the consensus score'),
    );
}
