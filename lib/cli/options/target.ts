import { type Command, Option } from 'commander';
import { ENVIRONMENT_VARIABLE, RESOURCES, type Resource } from '../use/target/resources.ts';

const TARGET_HELP = `
Region, credentials and endpoints are the standard AWS variables. --env finds what \`npx cdk deploy\` made;
--local finds the stack that \`threat-consensus local\` runs for the same user.
`;

/** Adds the options that name a deployment or its parts; each can come from the environment instead. */
export function withTarget(command: Command, ...resources: readonly Resource[]): Command {
  for (const resource of resources) {
    const { flag, variable, what } = RESOURCES[resource];
    command.addOption(new Option(flag, `the ${what} (or ${variable})`));
  }
  command.option('--env <name>', `the deployed environment that it belongs to (or ${ENVIRONMENT_VARIABLE})`);
  command.addOption(
    new Option('--local', 'the embedded stack that you have running').conflicts(['env', ...resources]),
  );
  return command.addHelpText('after', TARGET_HELP);
}

/** The option that names an environment where it must be named. */
export function environmentOption(): Option {
  return new Option('--env <name>', 'the environment, as deployed: prod, say')
    .env(ENVIRONMENT_VARIABLE)
    .makeOptionMandatory();
}
