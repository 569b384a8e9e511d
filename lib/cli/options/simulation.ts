import { Option } from 'commander';

/** The option that gives an embedded stack simulated providers, which need neither keys nor a network. */
export function simulationOption(): Option {
  return new Option(
    '--simulate-providers',
    'look addresses up in simulated versions of VirusTotal and AbuseIPDB; their answers are made up',
  );
}
