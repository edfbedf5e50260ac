import { breakReport, operatorReport, outcomeReport, queueReport } from './service.ts';

export { csvOf, fileName, xlsxOf } from './export.ts';

/** What can be saved, and sent: how it is read, and what the file is. */
export const READ = { queues: queueReport, operators: operatorReport, outcomes: outcomeReport, breaks: breakReport } as const;
export const MEDIA = { csv: 'text/csv; charset=utf-8', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } as const;
