import type { ServiceError, ServiceErrorCode } from '../aws/service-error.ts';

const HINTS: Readonly<Record<ServiceErrorCode, string>> = {
  throttled: 'try again later',
  timeout: 'try again later',
  unavailable: 'is it running, and do AWS_REGION and AWS_ENDPOINT_URL_... lead to it?',
  denied: 'are the AWS credentials valid (`aws sts get-caller-identity`), and do they permit this?',
  missing: 'are name and AWS_REGION right?',
  refused: 'are AWS_REGION and credentials set, and the names right?',
};

/** What a user can try about a failed request. */
export function hintFor({ code }: ServiceError): string {
  return HINTS[code];
}
