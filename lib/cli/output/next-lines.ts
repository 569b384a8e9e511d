import { IS_BUILT } from '../../files/package-folder.ts';
import { styled } from './terminal.ts';

/** The command as it is called from a checkout, or where the package is installed. */
const COMMAND = IS_BUILT ? 'threat-consensus' : 'npx threat-consensus';

const FEEDS_NEXT = [
  `${COMMAND} run FILE --feeds`,
  'score it with public lists of addresses, fetched now',
] as const;

/**
 * Suggests what to do after a run.
 *
 * @param file what was scored; undefined for the sample
 * @param hasLists whether lists were already used
 */
export function nextLines(file: string | undefined, hasLists: boolean): string[] {
  const suggestions: readonly (readonly [command: string, purpose: string])[] =
    file === undefined
      ? [
          [
            `${COMMAND} run conn.log.gz --feeds`,
            "score your own sensor's log, with public lists of addresses",
          ],
          [`${COMMAND} local`, 'keep a stack running, to push to and to ask about addresses'],
          [`${COMMAND} --help`, 'list all commands'],
        ]
      : [
          ...(hasLists ? [] : [FEEDS_NEXT]),
          [`${COMMAND} run FILE --keep`, 'keep the stack running, to ask about addresses'],
          [`${COMMAND} score FILE --json`, 'print the score of every connection'],
        ];
  const width = Math.max(...suggestions.map(([command]) => command.length));
  return [
    styled('bold', 'Next'),
    ...suggestions.map(([command, purpose]) => `  ${command.padEnd(width)}  ${purpose}`),
  ];
}
