import { Option } from 'commander';

/** The option that gives an embedded stack something to look addresses up in, without keys or network. */
export function simulationOption(): Option {
  return new Option(
    '--simulate-providers',
    'look addresses up in stand-ins for VirusTotal and AbuseIPDB on this machine: what they say is made up',
  );
}
