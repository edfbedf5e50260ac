export type LogLevel = 'debug' | 'log' | 'warn' | 'error';

/** Where SIP.js and the phone log to; a message may hold numbers and SIP traffic, never the password. */
export type PhoneLog = (level: LogLevel, category: string, message: string) => void;

export const messageOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
