import { ReportedError } from '../errors/reported-error.ts';

/** Error codes of the embedded stack, for callers that need to distinguish them. */
export type LocalStackErrorCode =
  | 'data_directory_unusable'
  | 'data_directory_locked'
  | 'emulator_failed'
  | 'resources_failed'
  | 'function_initialization_failed'
  | 'synthesis_failed'
  | 'template_unreadable';

/** The embedded stack failed. */
export class LocalStackError extends ReportedError {
  override readonly name = 'LocalStackError';
  override readonly code: LocalStackErrorCode;

  constructor(code: LocalStackErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(toOneLine(message), options);
    this.code = code;
  }
}

/** The message of anything thrown, on one line. */
export function messageOf(thrown: unknown): string {
  return toOneLine(thrown instanceof Error ? thrown.message : String(thrown));
}

function toOneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
