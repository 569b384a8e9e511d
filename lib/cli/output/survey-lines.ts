import { proposedNetworks } from '../../activity/proposed-networks.ts';
import type { HomeCandidate, SurveyResult } from '../../activity/site-survey.ts';
import { grouped } from '../../statistics/count-text.ts';
import { styled } from './terminal.ts';

/** Transit and spoofed packets have no local side either, but are rare. */
const LEAST_SHARE_WITHOUT_LOCAL_SIDE = 0.05;

/**
 * Why a log's connections show less than they could, and what to do about it; empty if all is well.
 *
 * @param home the networks that the user named
 */
export function surveyLines(survey: SurveyResult, home: readonly string[] = []): string[] {
  return [...homeLines(survey, home), ...oneSidedLines(survey)];
}

function homeLines(
  { connections, withoutLocalSide, homeCandidates }: SurveyResult,
  home: readonly string[],
): string[] {
  if (withoutLocalSide === 0 || withoutLocalSide < LEAST_SHARE_WITHOUT_LOCAL_SIDE * connections) return [];
  const networks = proposedNetworks(homeCandidates.map(({ address }) => address));
  return [
    warning(
      `Which side is yours? In ${grouped(withoutLocalSide)} of ${grouped(connections)} connections, neither address is known to be local,`,
    ),
    warning('so your own servers may be scored as if they were remote.'),
    ...homeCandidates.map((candidate) => `  ${candidateText(candidate)}`),
    networks.length === 0
      ? '  Name your public networks with --home CIDR,...'
      : `  If so, add --home ${[...home, ...networks].join(',')}`,
  ];
}

function candidateText({ address, share, role }: HomeCandidate): string {
  return `${styled('bold', address)} ${role} ${Math.round(share * 100)} % of all connections; is it yours?`;
}

function oneSidedLines({ isOneSided, tcpConnections, answeredTcp }: SurveyResult): string[] {
  if (!isOneSided) return [];
  return [
    warning(
      `Only ${grouped(answeredTcp)} of ${grouped(tcpConnections)} TCP connections show an answer: the sensor sees only one direction, or nothing here answers.`,
    ),
    'So being answered or not is no evidence, and scores say less. Let the sensor see both directions.',
  ];
}

function warning(text: string): string {
  return styled('yellow', text);
}
