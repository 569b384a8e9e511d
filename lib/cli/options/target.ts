import { type Command, Option } from 'commander';
import { ENVIRONMENT_VARIABLE, RESOURCES, type Resource } from '../use/target/resources.ts';

const TARGET_HELP = `
Region, credentials and endpoints are the standard AWS variables. --env finds what \`npx cdk deploy\` created;
--local finds the stack that \`threat-consensus local\` runs for the same user.
`;

/** Adds the options that name a deployment or its parts; each can be set by a variable instead. */
export function withTarget(command: Command, ...resources: readonly Resource[]): Command {
  for (const resource of resources) {
    const { flag, variable, what } = RESOURCES[resource];
    command.addOption(new Option(flag, `the ${what} (or ${variable})`));
  }
  command.option('--env <name>', `the deployed environment to use (or ${ENVIRONMENT_VARIABLE})`);
  command.addOption(
    new Option('--local', 'the embedded stack that you are running').conflicts(['env', ...resources]),
  );
  return command.addHelpText('after', TARGET_HELP);
}

/** The option that names an environment, for commands that require one. */
export function environmentOption(): Option {
  return new Option('--env <name>', 'the name of the deployed environment, such as prod')
    .env(ENVIRONMENT_VARIABLE)
    .makeOptionMandatory();
}
