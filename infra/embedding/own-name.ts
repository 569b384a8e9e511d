import { Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkName, EnvironmentError } from '../environment.ts';

const MOST_CHARACTERS = 20;

/** Names in use, by the stacks that have them. */
const taken = new WeakMap<Stack, Map<string, string>>();

/**
 * The name of a deployment: the given one, else one derived from the construct's path.
 *
 * @throws {EnvironmentError} if it can't be used in other names, or the same stack already has it
 */
export function ownName(construct: Construct, given: string | undefined): string {
  const name = given ?? Names.uniqueResourceName(construct, { maxLength: MOST_CHARACTERS }).toLowerCase();
  checkName(name);
  const stack = Stack.of(construct);
  const names = taken.get(stack) ?? new Map<string, string>();
  taken.set(stack, names);
  const other = names.get(name);
  if (other !== undefined)
    throw new EnvironmentError(
      `${construct.node.path}: name: "${name}" is that of ${other} already; give each a name of its own`,
    );
  names.set(name, construct.node.path);
  return name;
}
