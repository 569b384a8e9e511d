import { InvalidArgumentError, Option } from 'commander';

/** The number of services of an embedded stack, each on its own port. */
const PORTS = 6;
const LARGEST = 65_536 - PORTS;

/** The option that fixes the ports of an embedded stack. */
export function portOption(): Option {
  return new Option(
    '--port <n>',
    `listen on this port and the ${PORTS - 1} after it: SQS, DynamoDB, SSM, SNS, CloudWatch, Lambda (default: any free ones)`,
  ).argParser((text) => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (port >= 1_024 && port <= LARGEST) return port;
    throw new InvalidArgumentError(`expected a whole number from 1024 to ${LARGEST}.`);
  });
}
