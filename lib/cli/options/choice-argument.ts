import { Argument } from 'commander';

/**
 * An argument that is one of a few words. Help and completion show them; the command checks what it is given by itself,
 * and says in its own words what is wrong.
 */
export function choiceArgument(name: string, description: string, choices: readonly string[]): Argument {
  const argument = new Argument(name, description);
  argument.argChoices = [...choices];
  return argument;
}
